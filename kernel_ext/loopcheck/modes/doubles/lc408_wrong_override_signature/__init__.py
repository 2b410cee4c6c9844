"""LC408 wrong-override-signature: a dependency override that FastAPI can't use as it is.

What: an override with parameters of its own (a mock, `*args`, a fixture's name): each request is
      answered with 422. Or one that gives a generator, a context manager or a factory for the thing
      itself. Or one for a function that no route depends on: the real one runs.
Why:  FastAPI reads the signature of an override as that of a dependency: what it does not know is
      a query parameter. It calls the override once and hands over what it gives; of a generator
      function what it yields. And it finds overrides by the function itself, not by its name.
Fix:  `app.dependency_overrides[get_db] = lambda: session`, or a function without parameters that
      returns or yields the thing, sync or async. The key is the function that `Depends(…)` has,
      imported from the same module.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, Subject, WrongOverride

CODE, SLUG = "LC408", "wrong-override-signature"
# The endpoint met what the override gave: a coroutine, a generator, a mock.
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
    """Name the line that overrides, and what FastAPI makes of it."""
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
    )


def _what(seen: WrongOverride) -> str:
    by = f"{seen.place} overrides `{seen.key}` with {seen.double}"
    match seen.how:
        case "parameters":
            asked = ", ".join(f"`{name}`" for name in seen.parameters)
            return f"{by}, and FastAPI asks each request for its parameters: {asked}."
        case "generator":
            return f"{by}, which returns a generator: the route gets that, not what it yields."
        case "coroutine":
            return f"{by}, which returns a coroutine: the route gets that, not its result."
        case "context":
            return f"{by}, a context manager: FastAPI takes it for a generator, and it is none."
        case "factory":
            return f"{by}, which returns a function: the route gets that, not what it would give."
        case "maker":
            return f"{by}, which returns a class or factory: the route gets that, and no object."
    return f"{by}, but no route depends on that function: the original runs."


def _why(seen: WrongOverride) -> str:
    match seen.how:
        case "parameters":
            return (
                "An override is read like any dependency: a parameter that is no dependency itself"
                " is a query parameter of the request, and a missing one is answered with 422."
            )
        case "key":
            made = f" ({seen.made_at})" if seen.made_at else ""
            return (
                f"Overrides are found by the function itself. The routes depend on another"
                f" `{seen.meant}`{made}: of the same name, and not the same."
            )
        case "context":
            return "FastAPI makes a context manager of a generator function by itself."
    return (
        "FastAPI calls the override once and hands over what it gives. Only of a function that"
        " yields itself it takes what is yielded."
    )


def _fix(seen: WrongOverride) -> str:
    match seen.how:
        case "parameters":
            return (
                "Use a function without parameters that returns or yields the thing:"
                f" `app.dependency_overrides[{seen.key}] = lambda: …`."
            )
        case "context":
            return "Leave out `@asynccontextmanager` or `@contextmanager`: `yield` is enough."
        case "maker" if seen.gives is not None:
            return (
                "Hand over an object, not its class:"
                f" `app.dependency_overrides[{seen.key}] = lambda: {seen.gives}`."
            )
        case "maker":
            return (
                "Call it in the override, and hand over what it makes: a function with"
                " `async with …() as made: yield made`."
            )
        case "generator" | "coroutine" | "factory":
            return (
                "Hand over the inner function itself, without a call or a lambda around it: one"
                " that takes no arguments."
            )
    return f"Use the function that the routes have as the key: import `{seen.meant}` as they do."
