"""LC507 wrapper-not-client: a wrapper, a function or a coroutine where the client is wanted.

What: `'ValkeyClient' object has no attribute 'setnx'`, `'function' object has no attribute 'get'`,
      `object bool can't be used in 'await' expression`: a fixture or a call hands over something
      that leads to the client, and is none.
Why:  a class around a client has its own methods only. A method that was not called is a function,
      a call of an `async def` that was not awaited is a coroutine. A synchronous client has the
      same methods as the asynchronous one: the command runs, its answer can't be awaited.
Fix:  hand over the client itself: call it, await it, take it out of the wrapper, ask for the
      fixture as an argument. Check it once, where it is made: `assert isinstance(client, Valkey)`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import only_asserted
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
    "missing 1 required positional argument: 'self'",
    "bool can't be used in 'await' expression",
    "'bool' object can't be awaited",
    "'…' object has no attribute + redis",
    "'…' object has no attribute + valkey",
)
# What many objects have: asked of one that happens to keep a client, it is a slip of another kind.
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
    """Name what was handed over, and how the client is got out of it."""
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
    )


def _what(one: StandIn) -> str:
    name, client = one.subject.name, one.client.rpartition(".")[2]
    if one.kind == "sync client":
        return f"`{name}` is a synchronous {client}, and {one.used_at} awaits it."
    if one.wanted == ENTERED:
        return f"{one.used_at} enters `{name}` as if it were a {client}; `{name}` is {_is(one)}."
    method = f", a method of {client}" if client else ""
    return f"{one.used_at} asks `{name}` for `{one.wanted}`{method}; `{name}` is {_is(one)}."


def _is(one: StandIn) -> str:
    kind = one.subject.type.rpartition(".")[2]
    return {
        "wrapper": f"of class {kind}: it has a client, and is none",
        "provider": f"of class {kind}: a call of it gives the client",
        "function": f"a {'function' if kind == 'function' else 'factory'} that was not called",
        "coroutine": "a coroutine that was not awaited",
        "class": "a class, and no object of it",
        "client class": "a class, and no object of it",
        "fixture": "a fixture's definition, and not its value",
        "sync client": "a synchronous client",
        "context manager": "a context manager that was not entered",
        "generator": f"the {_generator(one)} itself, and not the value that it yields",
    }[one.kind]


def _generator(one: StandIn) -> str:
    return "async generator" if one.subject.type == "async_generator" else "generator"


def _why(one: StandIn) -> str:
    if one.kind == "wrapper" and one.wanted == ENTERED:
        return (
            "`async with` looks for `__aenter__` in the class: a `__getattr__` that hands all on to"
            " the client is not asked."
        )
    return {
        "wrapper": "A class around a client has its own methods, and not those of the client.",
        "provider": "What makes a client, or keeps it ready, has none of its methods.",
        "function": "Without parentheses a method or function is handed over itself.",
        "coroutine": "A call of an `async def` function makes a coroutine; its `await` gives the"
        " client.",
        "class": "A class has no connection: a client belongs to an object that is made of it.",
        "client class": "A call of a method through the class takes the first argument for the"
        " object, and lacks the last.",
        "fixture": "pytest gives a fixture's value only to who asks for it as an argument.",
        "sync client": "It has the same methods, runs them at once, holds the loop meanwhile, and"
        " gives the answer itself: there is nothing to await.",
        "context manager": f"A function with `yield` under `@{_decorator(one)}` gives a context"
        f" manager; `{_with(one)}` runs it as far as that, and gives the client.",
        "generator": "Calling a function with `yield` only creates a generator: not one line of it"
        " has run. FastAPI's `Depends` and pytest's fixtures iterate it; a plain call does not.",
    }[one.kind]


def _decorator(one: StandIn) -> str:
    return "asynccontextmanager" if "Async" in one.subject.type else "contextmanager"


def _fix(one: StandIn) -> str:
    name, client = one.subject.name, one.client.rpartition(".")[2]
    way = f"`{one.way}`" if one.way else f"its {client}"
    at = f" at {one.place}" if one.place else ""
    where = f"At {one.place} hand" if one.place else "Hand"
    if one.kind == "wrapper" and one.wanted == ENTERED:
        return f"{where} over the client itself: {way}. Or give the class `__aenter__`."
    return {
        "wrapper": f"{where} over the client itself: {way}.",
        "provider": f"Call it{at}, and hand over what that gives.",
        "function": f"Call it{at}, and `await` the call if the function is async.",
        "coroutine": f"`await` it{at}, before it is handed on.",
        "class": f"Make an object of `{name}`{at}, and hand over its {client}.",
        "client class": f"Call the class{at}, and hand over what that makes.",
        "fixture": f"Name `{name}` among the arguments of the test.",
        "sync client": f"Make the client of the library's asyncio module{_twin(one)}{at}; or take"
        " the `await` away.",
        "context manager": f"Enter it{at}, and hand over what that gives:"
        f" `{_with(one)} … as client:`.",
        "generator": _enter(one),
    }[one.kind]


def _enter(one: StandIn) -> str:
    """Return how the value of a generator is got."""
    kind = "asynccontextmanager" if _generator(one).startswith("async") else "contextmanager"
    word = ENTERED if kind.startswith("async") else "with"
    at = f" at {one.place}" if one.place else ""
    return (
        f"Decorate the function with `@{kind}`, and enter it{at}: `{word} … as"
        f" {one.subject.name.rpartition('.')[2]}:`. In tests, make it a fixture."
    )


def _with(one: StandIn) -> str:
    return ENTERED if "Async" in one.subject.type else "with"


def _twin(one: StandIn) -> str:
    root = one.client.partition(".")[0]
    known = {"valkey": "`valkey.asyncio.Valkey`", "redis": "`redis.asyncio.Redis`"}
    known |= {"httpx": "`httpx.AsyncClient`", "sqlalchemy": "`AsyncSession`"}
    return f", {known[root]}," if root in known else ""
