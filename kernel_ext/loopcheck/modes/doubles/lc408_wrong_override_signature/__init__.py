"""LC408 wrong-override-signature: FastAPI can't use a dependency override as it is written.

What: an override has parameters of its own (a mock, `*args`, a fixture's name), and FastAPI answers
      each request with 422. Or it returns a generator, a context manager or a factory instead of
      the object. Or it overrides a function that no route depends on: the original runs.
Why:  FastAPI reads the signature of an override as that of a dependency: each parameter that it
      does not know becomes a query parameter. It calls the override once and passes on what that
      returns, or yields if it is a generator function. And it finds an override by the function
      itself, not by its name.
Fix:  `app.dependency_overrides[get_db] = lambda: session`, or a function without parameters that
      returns or yields the object, sync or async. The key is the function inside `Depends(…)`,
      imported from the same module.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, Subject, WrongOverride

CODE, SLUG = "LC408", "wrong-override-signature"
# The endpoint used what the override returned: a coroutine, a generator, a mock.
SUPERSEDES = frozenset({"LC202", "LC401", "LC402", "LC409", "LC410", "LC506", "LC507"})
SAYS = (
    '"loc":["query"',
    "'loc': ['query'",
    "Field required",
    "assert 422 ==",
    "422 Unprocessable",
    "'async_generator' object has no attribute + fastapi",
    "'_AsyncGeneratorContextManager' object",
    "object has no attribute + fastapi/routing.py",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the line that overrides, and what FastAPI does with it."""
    if not evidence.errors:
        return
    from loopcheck.modes.doubles.lc408_wrong_override_signature import (
        evidence as questions,  # late: for its own cases
    )

    seen = evidence.ask(questions.find_wrong_override)
    if seen is None or seen.place is None:
        return
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if seen.sure else "likely",
        subject=Subject(name=seen.key, type=seen.type),
        where=seen.place,
        made_at=seen.made_at,
        used_at=seen.used_at,
        what=_what(seen),
        why=_why(seen),
        fix=_fix(seen),
        remedy=(seen.how, seen.gives or ""),
    )


def _what(seen: WrongOverride) -> str:
    by = f"{seen.place} overrides `{seen.key}` with {seen.double}"
    that = ", which" if seen.double.startswith("`") else " that"
    match seen.how:
        case "parameters":
            asked = ", ".join(f"`{name}`" for name in seen.parameters)
            many = "parameters" if len(seen.parameters) > 1 else "parameter"
            return f"{by}, and FastAPI expects its {many} {asked} in each request."
        case "generator":
            return f"{by}{that} returns a generator, so the route gets that, not what it yields."
        case "coroutine":
            return f"{by}{that} returns a coroutine, so the route gets that, not its result."
        case "context":
            return f"{by}, a context manager that FastAPI mistakes for a generator function."
        case "factory":
            return f"{by}{that} returns a function, so the route gets that, not its result."
        case "maker":
            return f"{by}{that} returns a class or factory, so the route gets that, not an object."
    return f"{by}, but no route depends on that function, so the original runs."


def _why(seen: WrongOverride) -> str:
    match seen.how:
        case "parameters":
            return (
                "FastAPI reads an override like any dependency: a parameter that is no dependency"
                " itself becomes a query parameter, and a request without it gets a 422."
            )
        case "key":
            made = f" ({seen.made_at})" if seen.made_at else ""
            return (
                "FastAPI finds an override by the function itself, not by its name. The routes"
                f" depend on another `{seen.meant}`{made}."
            )
        case "context":
            return "FastAPI turns a generator function into a context manager by itself."
    return (
        "FastAPI calls the override once and passes on what it returns. It passes on what is"
        " yielded only if the override is itself a generator function."
    )


def _fix(seen: WrongOverride) -> str:
    match seen.how:
        case "parameters":
            return (
                "Use a function without parameters that returns or yields the object:"
                f" `app.dependency_overrides[{seen.key}] = lambda: …`."
            )
        case "context":
            return "Remove `@asynccontextmanager` or `@contextmanager`: `yield` is enough."
        case "maker" if seen.gives is not None:
            return (
                "Return an object, not its class:"
                f" `app.dependency_overrides[{seen.key}] = lambda: {seen.gives}`."
            )
        case "maker":
            return (
                "Call the factory inside the override and yield what it creates:"
                " `async with …() as made: yield made`."
            )
        case "generator" | "coroutine" | "factory":
            return (
                "Use the inner function itself as the override, without a call or a lambda around"
                " it; it must take no arguments."
            )
    return f"Use the routes' own function as the key: import `{seen.meant}` as they do."
