"""LC507 wrapper-not-client: the code uses a wrapper, a function or a coroutine as the client.

What: `'ValkeyClient' object has no attribute 'setnx'`, `'function' object has no attribute 'get'`,
      `'_AsyncGeneratorContextManager' object has no attribute 'ask'`,
      `object bool can't be used in 'await' expression`: a fixture or a call passes something that
      leads to the client, but is not the client.
Why:  a class that wraps a client has only its own methods. A method that was not called is a
      function, and an `async def` that was called but not awaited is a coroutine. A context manager
      gives its object only to the `async with` that enters it. A synchronous client has the same
      methods as the asynchronous one: the command runs, but its answer can't be awaited.
Fix:  pass the client itself: call it, await it, enter it, take it out of the wrapper, or add the
      fixture to the arguments. Check it once, where it is created: `assert isinstance(client,
      Valkey)`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import an, only_asserted
from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, StandIn

CODE, SLUG = "LC507", "wrapper-not-client"
SUPERSEDES = frozenset({"LC202"})  # the coroutine in the client's place is dropped when that fails
SAYS = (
    "'function' object has no attribute",
    "'method' object has no attribute",
    "'FixtureFunctionDefinition' object",
    "type object '…' has no attribute",
    "'…Client' object has no attribute",
    "'coroutine' object has no attribute",
    "ContextManager' object has no attribute",
    "missing 1 required positional argument: 'self'",
    "bool can't be used in 'await' expression",
    "'bool' object can't be awaited",
    "'…' object has no attribute + redis",
    "'…' object has no attribute + valkey",
)
# Many objects have these: on one that happens to hold a client they are another kind of mistake.
COMMON = frozenset({*dir(dict), *dir(list), *dir(set), *dir(str)}) | {
    *("aclose", "acquire", "auth", "backup", "begin", "bind", "client", "close", "closed"),
    *("cluster", "command", "commit", "connection", "connector", "cookies", "cursor", "delete"),
    *(
        "detach",
        "digest",
        "dirty",
        "dispatch",
        "dump",
        "echo",
        "engine",
        "eval",
        "execute",
        "exists",
    ),
    *("expire", "fetch", "flush", "graph", "head", "headers", "hello", "info", "initialize"),
    *("interrupt", "invalidate", "json", "lock", "loop", "merge", "migrate", "monitor", "move"),
    *("new", "object", "options", "params", "patch", "persist", "ping", "post", "prepare"),
    *("publish", "put", "query", "quit", "refresh", "release", "rename", "request", "reset"),
    *("restore", "role", "rollback", "run", "save", "scan", "select", "send", "set", "shutdown"),
    *("start", "stop", "stream", "sync", "terminate", "time", "timeout", "touch", "transaction"),
    *("ttl", "type", "unlink", "version", "wait", "watch"),
}
ENTERED = "async with"


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the object that was passed, and how to get the client from it."""
    if only_asserted(evidence):
        return
    from loopcheck.modes.stores.lc507_wrapper_not_client import (
        evidence as questions,  # late: for its own cases
    )

    one = evidence.ask(questions.find_wrong_client)
    if one is None:
        return
    common = one.wanted in COMMON
    around = one.kind in ("wrapper", "provider")
    wanted = one.handed and one.as_client
    if around and common and not wanted:
        return
    sure = not around or (wanted and not common) or (one.handed and one.wanted == ENTERED)
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if sure and one.client else "likely",
        subject=one.subject,
        where=one.place,
        used_at=one.used_at,
        what=_what(one),
        why=_why(one),
        fix=_fix(one),
        remedy=_remedy(one),
    )


def _what(one: StandIn) -> str:
    name, client = one.subject.name, one.client.rpartition(".")[2]
    if one.kind == "sync client":
        return f"`{name}` is a synchronous {client}, but {one.used_at} awaits its answer."
    if one.wanted == ENTERED:
        return f"{one.used_at} enters `{name}` as if it were a {client}, but it is {_is(one)}."
    method = f", a method of {client}" if client else ""
    return f"{one.used_at} uses `{name}.{one.wanted}`{method}, but `{name}` is {_is(one)}."


def _is(one: StandIn) -> str:
    kind = one.subject.type.rpartition(".")[2]
    return {
        "wrapper": f"{an(kind)} that only wraps a client",
        "provider": f"{an(kind)}, which returns the client when called",
        "function": f"a {'function' if kind == 'function' else 'factory'} that was not called",
        "coroutine": "a coroutine that was not awaited",
        "class": "a class, not an object of it",
        "client class": "a class, not an object of it",
        "fixture": "the fixture's definition, not its value",
        "sync client": "a synchronous client",
        "context manager": "a context manager that was not entered",
        "generator": f"the {_generator(one)} itself, not the value that it yields",
    }[one.kind]


def _generator(one: StandIn) -> str:
    return "async generator" if one.subject.type == "async_generator" else "generator"


def _why(one: StandIn) -> str:
    if one.kind == "wrapper" and one.wanted == ENTERED:
        return (
            "`async with` looks up `__aenter__` in the class, so a `__getattr__` that forwards to"
            " the client does not help."
        )
    return {
        "wrapper": "A class that wraps a client has only its own methods, not those of the client.",
        "provider": "An object that creates a client, or keeps it ready, has none of its methods.",
        "function": "Without parentheses, the code passes the method or function itself.",
        "coroutine": "Calling an `async def` returns a coroutine; its `await` returns the client.",
        "class": "A class has no connection; only an object of the class has a client.",
        "client class": "A method called on the class takes the first argument as the object, and"
        " then misses the last argument.",
        "fixture": "pytest passes a fixture's value only to a test or fixture that has it as an"
        " argument.",
        "sync client": "It has the same methods, but they block the loop and return the answer"
        " itself, so there is nothing to await.",
        "context manager": _why_enter(one),
        "generator": "Calling a function with `yield` creates a generator and runs none of its"
        " lines. FastAPI's `Depends` and pytest's fixtures iterate it; a plain call does not.",
    }[one.kind]


def _why_enter(one: StandIn) -> str:
    """Return why a context manager is not the object that it gives."""
    given = "returns the client" if one.client else f"gives the object that has `{one.wanted}`"
    if one.subject.type.startswith("contextlib."):
        made = f"A function with `yield` under `@{_decorator(one)}` returns a context manager."
    else:
        made = "The call only prepares the work, and returns a context manager."
    return f"{made} Only `{_with(one)}` runs it and {given}."


def _remedy(one: StandIn) -> tuple[str, ...]:
    if one.place is None:
        return ()
    name = one.subject.name
    if one.kind == "wrapper":
        awaited = f"await {name}"
        if one.way is not None and one.way.startswith(f"{awaited}."):
            return ("awaited", one.way.removeprefix(awaited))
        inside = one.way is not None and one.way.startswith((f"{name}.", f"{name}["))
        return ("inside", str(one.way)[len(name) :]) if inside else ()
    if one.kind == "coroutine":
        return ("await",)
    if one.kind in ("function", "provider", "client class"):
        return ("call",)
    return ("asyncio",) if one.kind == "sync client" else ()


def _decorator(one: StandIn) -> str:
    return "asynccontextmanager" if "Async" in one.subject.type else "contextmanager"


def _fix(one: StandIn) -> str:
    name, client = one.subject.name, one.client.rpartition(".")[2]
    way = f"`{one.way}`" if one.way else f"its {client}"
    at = f" at {one.place}" if one.place else ""
    where = f"At {one.place}, pass" if one.place else "Pass"
    if one.kind == "wrapper" and one.wanted == ENTERED:
        return f"{where} the client itself: {way}. Or give the class `__aenter__` and `__aexit__`."
    return {
        "wrapper": f"{where} the client itself: {way}.",
        "provider": f"Call it{at}, and pass the result.",
        "function": f"Call it{at}, and `await` the call if the function is async.",
        "coroutine": f"`await` it{at} before you pass it on.",
        "class": f"Create an object of `{name}`{at}, and pass its {client}.",
        "client class": f"Call the class{at}, and pass the result.",
        "fixture": f"Add `{name}` to the arguments of the test.",
        "sync client": f"Create the client from the library's asyncio module{_twin(one)}{at}, or"
        " remove the `await`.",
        "context manager": _enter_manager(one, at),
        "generator": _enter(one),
    }[one.kind]


def _enter_manager(one: StandIn, at: str) -> str:
    """Return how to get the object that a context manager gives."""
    name = "client" if one.client else name if (name := _last(one)).isidentifier() else "value"
    does = "pass" if one.handed or one.client else "use"
    return f"Enter it{at}, and {does} what it returns: `{_with(one)} … as {name}:`."


def _last(one: StandIn) -> str:
    return one.subject.name.rpartition(".")[2].lstrip("_")


def _enter(one: StandIn) -> str:
    """Return how to get the value of a generator."""
    kind = "asynccontextmanager" if _generator(one).startswith("async") else "contextmanager"
    word = ENTERED if kind.startswith("async") else "with"
    at = f" at {one.place}" if one.place else ""
    return (
        f"Decorate the function with `@{kind}`, and enter it{at}: `{word} … as"
        f" {one.subject.name.rpartition('.')[2]}:`. In tests, make it a fixture."
    )


def _with(one: StandIn) -> str:
    return "with" if one.subject.type == "contextlib._GeneratorContextManager" else ENTERED


def _twin(one: StandIn) -> str:
    root = one.client.partition(".")[0]
    known = {"valkey": "`valkey.asyncio.Valkey`", "redis": "`redis.asyncio.Redis`"}
    known |= {"httpx": "`httpx.AsyncClient`", "sqlalchemy": "`AsyncSession`"}
    return f", {known[root]}," if root in known else ""
