"""The wrong object instead of a client: a wrapper, a function, a coroutine, another kind of client.

The failing line uses an attribute of a loaded client class, and the object leads to a client of
that class: by its attributes, or by what its function returns. We call nothing.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from types import CodeType, CoroutineType, FunctionType, MethodType, ModuleType
from typing import Any

from loopcheck.labels import Labels, plain
from loopcheck.light import replace
from loopcheck.process import failure, objects, parameters
from loopcheck.process.failure import Link, Step
from loopcheck.process.frames import module_of
from loopcheck.process.stores import (
    unentered_managers,
    wrong_client_makers,
    wrong_client_origins,
)
from loopcheck.records import StandIn, StandInKind, Subject
from loopcheck.runner import fixtures
from loopcheck.source import parsed_files, project_files, user_code
from loopcheck.source.assignments import assignments_in
from loopcheck.source.nodes import calls_in, nodes_of, own_nodes, results_of
from loopcheck.source.values import annotated_results, meaning

CLIENTS = (
    ("valkey.asyncio.client", "Valkey"),
    ("valkey.client", "Valkey"),
    ("redis.asyncio.client", "Redis"),
    ("redis.client", "Redis"),
    ("asyncpg.connection", "Connection"),
    ("asyncpg.pool", "Pool"),
    ("aiosqlite.core", "Connection"),
    ("sqlalchemy.ext.asyncio.session", "AsyncSession"),
    ("sqlalchemy.ext.asyncio.engine", "AsyncConnection"),
    ("sqlalchemy.orm.session", "Session"),
    ("httpx", "AsyncClient"),
    ("httpx", "Client"),
    ("aiohttp.client", "ClientSession"),
    ("psycopg", "AsyncConnection"),
    ("pymongo", "AsyncMongoClient"),
)
SYNC = frozenset(
    {
        ("valkey.client", "Valkey"),
        ("redis.client", "Redis"),
        ("sqlalchemy.orm.session", "Session"),
        ("httpx", "Client"),
    }
)
ROOTS = frozenset(module.partition(".")[0] for module, _ in CLIENTS)
OPENERS = frozenset({"from_url", "connect", "create_pool", "from_pool"})
FACTORIES = ("ext.asyncio.session.async_sessionmaker", "orm.session.sessionmaker")
ENTERS = "__aenter__"
LACKS = " required positional argument"
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
LIBRARIES = frozenset({"asyncpg", "httpx", "postgres", "redis", "valkey"})
CLIENT_WORDS = wrong_client_origins.CLIENT_NAMES | {"database", "db", "http", "kv"}
DEEPEST = 2  # attributes from a wrapper to its client


def read(links: Sequence[Link], item: Any, labels: Labels) -> StandIn | None:
    """Return the object that the code used instead of a client."""
    for link in links:
        users = link.users
        if users and objects.is_a(link.error, AttributeError):
            return _lacking(link.error, users, item, labels)
        if users and objects.is_a(link.error, TypeError):
            return (
                _awaited(users, item, labels)
                or _entered(users, item, labels)
                or _not_made(link, users, item, labels)
            )
        if not failure.passed_on(link):
            return None
    return None


def _classes(sync: bool = False) -> Iterator[type]:
    """Yield the loaded client classes."""
    for module, name in CLIENTS:
        space = sys.modules.get(module)
        kind = vars(space).get(name) if type(space) is ModuleType else None
        if isinstance(kind, type) and (not sync or (module, name) in SYNC):
            yield kind


def _with(name: str) -> tuple[type, ...]:
    """Return the client classes that have *name*."""
    return tuple(
        kind
        for kind in _classes()
        if any(name in objects.class_dict(base) for base in objects.mro(kind)[:-1])
    )


def _is(thing: object, kinds: Sequence[type]) -> type | None:
    known = objects.mro(type(thing))
    return next((kind for kind in kinds if any(base is kind for base in known)), None)


# It lacks an attribute that a client has


def _lacking(
    error: BaseException, users: Sequence[Step], item: Any, labels: Labels
) -> StandIn | None:
    thing = AttributeError.__dict__["obj"].__get__(error)
    name = AttributeError.__dict__["name"].__get__(error)
    if type(name) is not str or name.startswith("_") or thing is None:
        return None
    kinds = _with(name)
    if wrong_client_makers.is_generator(thing):
        return _of_generator(thing, name, kinds, users, item, labels)
    found: tuple[StandInKind, type | None, str | None] | None = None
    if kinds:
        found = _leads(thing, kinds, users, item)
    if found is None and unentered_managers.may_give(thing, name, kinds):
        found = "context manager", None, None
    if found is None:
        return None
    if found[0] in ("wrapper", "provider") and _slip(thing, name, users[0], item):
        return None
    return _of(thing, name, found, users, item, labels)


def _slip(thing: object, name: str, step: Step, item: Any) -> bool:
    """Return whether the failing code knows what *thing* is: its own method, or the test itself.

    A test that calls a method on its `users` expects a repository, not a client.
    """
    itself = step.frame.f_locals.get("self") is thing
    return itself or (_tests_own(step, item) and not _as_client(thing, name, step))


def _tests_own(step: Step, item: Any) -> bool:
    """Return whether the line of *step* is the test's: of its function, class, fixture or cell."""
    code = step.frame.f_code
    if item is None:
        return code.co_name == "<module>"
    test = getattr(item, "obj", None)
    if type(test) is MethodType and step.frame.f_locals.get("self") is test.__self__:
        return True
    return code is user_code.test(item) or code in fixtures.codes(item)


def _as_client(thing: object, name: str, step: Step) -> bool:
    """Return whether *step*'s line, or the class of *thing*, names it like a client."""
    tree = parsed_files.tree(step.frame.f_code.co_filename)
    asked = {
        ast.unparse(node.value).rpartition(".")[2]
        for node in nodes_of(ast.Attribute, tree)
        if node.attr == name
        if parsed_files.covers(node, step.line, step.span)
    }
    return any(_clients_name(one) for one in asked | {type(thing).__name__})


def _clients_name(name: str) -> bool:
    """Return whether *name* is a client's: "redis_client", "ValkeyStore", not "clients"."""
    words = [one.lower() for one in WORD.findall(name)]
    return bool(words) and (words[-1] in CLIENT_WORDS or not LIBRARIES.isdisjoint(words))


def _of(
    thing: object,
    wanted: str,
    found: tuple[StandInKind, type | None, str | None],
    users: Sequence[Step],
    item: Any,
    labels: Labels,
) -> StandIn:
    kind, client, way = found
    place, handed, said = wrong_client_origins.find(thing, kind, users, item, labels)
    called = said or objects.type_name(thing).rpartition(".")[2]
    root, used_at = said or "self", users[0].place(labels)
    if place is not None and place != used_at and _only_there(root, users[0], item):
        root = wrong_client_origins.spelled(root, thing, place, labels) or ""
    return StandIn(
        subject=Subject(name=plain(called), type=objects.type_name(thing)),
        kind=kind,
        wanted=wanted,
        client=_dotted(client) if client is not None else "",
        place=place,
        used_at=used_at,
        way=plain(way.replace("self", root, 1)) if way and root else None,
        handed=handed and not _tests_own(users[0], item),
        as_client=_as_client(thing, wanted, users[0]),
    )


def _only_there(name: str, step: Step, item: Any) -> bool:
    """Return whether only the function of *step* knows *name*: `self`, or a parameter."""
    code = step.frame.f_code
    given = parameters.named(code)
    return name.partition(".")[0] in given and name not in fixtures.definitions(item)


def _dotted(kind: type) -> str:
    return f"{objects.module_of(kind)}.{type.__dict__['__qualname__'].__get__(kind)}"


def _leads(
    thing: object, kinds: Sequence[type], users: Sequence[Step], item: Any
) -> tuple[StandInKind, type, str | None] | None:
    """Return what *thing* is, the client that it leads to, and how."""
    if objects.module_of(type(thing)).startswith("unittest.mock"):
        return None
    if type(thing) is CoroutineType:
        return _coroutine(thing, kinds, item)
    if objects.type_name(thing) in unentered_managers.MANAGERS:
        return _manager(thing, kinds)
    if type(thing) is FunctionType:
        owner = _owner(thing, users)
        found = _returned(thing.__code__, thing.__globals__, owner, kinds)
        return ("function", *found) if found else None
    if type(thing) is partial:
        made = _gives(thing, kinds)
        return ("function", made, None) if made else None
    if objects.type_name(thing) == "_pytest.fixtures.FixtureFunctionDefinition":
        function = objects.peek(thing, "_fixture_function")
        if type(function) is not FunctionType:
            return None
        found = _returned(function.__code__, function.__globals__, None, kinds)
        return ("fixture", found[0], None) if found else None
    if objects.is_a(thing, type):
        return _class(thing, kinds)
    if objects.type_name(thing).endswith(FACTORIES):
        return "function", kinds[0], "self()"
    return _wrapper(thing, kinds)


def _wrapper(thing: object, kinds: Sequence[type]) -> tuple[StandInKind, type, str | None] | None:
    kind = type(thing)
    if objects.users_class(kind) is None or _is(thing, tuple(_classes())) is not None:
        return None
    for path, value in _kept(thing, "self", 0):
        client = _is(value, kinds)
        if client is not None:
            return "wrapper", client, path
    found = _method(kind, thing, kinds)
    if found is None and (made := _gives(thing, kinds)) is not None:
        return "provider", made, None
    return ("wrapper", *found) if found else None


def _gives(thing: object, kinds: Sequence[type], depth: int = 0) -> type | None:
    """Return the client that a call of *thing* returns: of a function, a partial, a provider."""
    if type(thing) is FunctionType:
        if (
            thing.__name__ in OPENERS
            and project_files.owner(thing.__code__.co_filename) == "library"
        ):
            root = thing.__module__.partition(".")[0]
            return next((k for k in kinds if objects.module_of(k).partition(".")[0] == root), None)
        found = _returned(thing.__code__, thing.__globals__, None, kinds)
        return found[0] if found else None
    if type(thing) is partial:
        return _gives(thing.func, kinds, depth + 1) if depth < DEEPEST else None
    if type(thing) is MethodType and objects.is_a(thing.__self__, type):
        opens = thing.__func__.__name__ in OPENERS
        return _same(thing.__self__, kinds) if opens else None
    if objects.is_a(thing, type):
        return _same(thing, kinds)
    own = objects.class_dict(type(thing)).get("__call__")
    if type(own) is not FunctionType or objects.users_class(type(thing)) is None:
        return None
    found = _returned(own.__code__, own.__globals__, thing, kinds)
    if found is not None or depth >= DEEPEST:
        return found[0] if found else None
    kept = (value for step, value in objects.steps(thing) if step[:1] == ".")
    return next(filter(None, (_gives(value, kinds, depth + 1) for value in kept)), None)


def _kept(thing: object, path: str, depth: int) -> Iterator[tuple[str, object]]:
    """Yield what a user object keeps, nearest first."""
    held = [(f"{path}{step}", value) for step, value in objects.steps(thing) if step[:1] == "."]
    yield from held
    for name, value in held if depth + 1 < DEEPEST else ():
        if objects.users_class(type(value)) is not None:
            yield from _kept(value, name, depth + 1)


def _class(thing: type, kinds: Sequence[type]) -> tuple[StandInKind, type, str | None] | None:
    if objects.users_class(thing) is None:
        return None
    found = _method(thing, None, kinds)
    if found is None:
        init = objects.class_dict(thing).get("__init__")
        if type(init) is not FunctionType:
            return None
        block = parsed_files.function_of(init.__code__)
        made = [*calls_in(block)]
        kind = next(filter(None, (_made(node, init.__globals__, kinds) for node in made)), None)
        return ("class", kind, None) if kind is not None else None
    return "class", found[0], None


def _method(kind: type, owner: object, kinds: Sequence[type]) -> tuple[type, str] | None:
    """Return the method of *kind* that returns a client."""
    for name, function in list(objects.class_dict(kind).items()):
        if type(function) is FunctionType and not name.startswith("__"):
            found = _returned(function.__code__, function.__globals__, owner, kinds)
            if found is not None:
                asynchronous = function.__code__.co_flags & 0x80
                return found[0], f"await self.{name}()" if asynchronous else f"self.{name}()"
    return None


def _owner(function: FunctionType, users: Sequence[Step]) -> object:
    """Return the object whose method *function* is, if a frame still has that."""
    for step in users:
        held = step.frame.f_locals.get("self")
        parts = [part for _, part in objects.steps(held)] if held is not None else []
        for value in [*step.frame.f_locals.values(), *parts]:
            if type(value) is MethodType and value.__func__ is function:
                return value.__self__
    return None


def _coroutine(
    thing: CoroutineType[Any, Any, Any], kinds: Sequence[type], item: Any
) -> tuple[StandInKind, type, str | None] | None:
    code, frame = thing.cr_code, thing.cr_frame
    if frame is None or (item is not None and code in fixtures.codes(item)):
        return None  # LC301 reports a fixture's own coroutine
    if project_files.owner(code.co_filename) == "library":
        module = module_of(frame).partition(".")[0]
        opens = module in ROOTS and code.co_name in OPENERS
        return ("coroutine", kinds[0], None) if opens else None
    owner = frame.f_locals.get("self")
    found = _returned(code, frame.f_globals, owner, kinds)
    return ("coroutine", found[0], None) if found else None


def _of_generator(
    thing: object,
    wanted: str,
    kinds: Sequence[type],
    users: Sequence[Step],
    item: Any,
    labels: Labels,
) -> StandIn | None:
    """Return the generator whose only yielded value is the wanted object: `get_session()`.

    A stream yields many values, and LC301 reports a fixture's own generator.
    """
    code = unentered_managers.code_behind(thing)
    if code is None or (item is not None and code in fixtures.codes(item)):
        return None
    block = parsed_files.function_of(code)
    if project_files.owner(code.co_filename) != "user" or not _yields_one(block, wanted):
        return None
    space = wrong_client_makers.names_behind(thing)
    client = _returned(code, space, None, kinds) if kinds else None
    if client is None and not code.co_flags & inspect.CO_ASYNC_GENERATOR:
        return None  # a plain mistake: no client is involved
    return _of(
        thing, wanted, ("generator", client[0] if client else None, None), users, item, labels
    )


def _yields_one(block: ast.AST | None, wanted: str) -> bool:
    """Return whether a generator yields once, and a value that may have the attribute *wanted*."""
    inside = list(own_nodes(block)) if block is not None else []
    loops = [one for one in inside if isinstance(one, ast.For | ast.AsyncFor | ast.While)]
    again = [one for loop in loops for one in nodes_of(ast.Yield, loop)]
    yields = [one for one in inside if isinstance(one, ast.Yield)]
    if len(yields) != 1 or again:
        return False
    return unentered_managers.may_have(yields[0].value, wanted)


def _manager(thing: object, kinds: Sequence[type]) -> tuple[StandInKind, type, str | None] | None:
    """Return the client that a context manager in user code yields when entered."""
    code, function = unentered_managers.code_behind(thing), objects.peek(thing, "func")
    if code is None or type(function) is not FunctionType:
        return None
    found = _returned(code, function.__globals__, None, kinds)
    return ("context manager", found[0], None) if found else None


# What a user function returns


def _returned(
    code: CodeType, space: dict[str, object], owner: object, kinds: Sequence[type]
) -> tuple[type, str | None] | None:
    """Return the client that a user function returns, and the attribute that keeps it."""
    if project_files.owner(code.co_filename) != "user":
        return None
    if code.co_name == "<lambda>":
        bodies = [one.body for one in parsed_files.lambdas(code)]
        return _given(bodies[0], bodies[0], space, owner, kinds) if len(bodies) == 1 else None
    block = parsed_files.function_of(code)
    if block is None:
        return None
    said = annotated_results.of(code, space)
    if said is not None and (kind := _same(said, kinds)) is not None:
        return kind, None
    for one in results_of(block):
        value = one.value if isinstance(one, ast.Await) else one
        found = _given(value, block, space, owner, kinds)
        if found is not None:
            return found
    return None


def _given(
    value: ast.AST, block: ast.AST, space: dict[str, object], owner: object, kinds: Sequence[type]
) -> tuple[type, str | None] | None:
    match value:
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            kept = objects.peek(owner, name) if owner is not None else None
            if (kind := _is(kept, kinds)) is not None:
                return kind, f"self.{name}"
            # The first call creates the client.
            made = _filled(block, f"self.{name}", space, kinds) if kept is None else None
            return (made, None) if made is not None else None
        case ast.Name(id=name):
            if (kind := _is(meaning.named(name, space), kinds)) is not None:
                return kind, None
            made = _filled(block, name, space, kinds)
            return (made, None) if made is not None else None
        case ast.Call():
            made = _made(value, space, kinds)
            return (made, None) if made is not None else None
    return None


def _filled(
    block: ast.AST, name: str, space: dict[str, object], kinds: Sequence[type]
) -> type | None:
    """Return the client that a line of *block* creates and assigns to *name*."""
    for one in assignments_in(block):
        if one.how not in ("assigned", "entered") or not one.sets(name):
            continue
        value = one.value.value if isinstance(one.value, ast.Await) else one.value
        made = _made(value, space, kinds) if isinstance(value, ast.Call) else None
        if made is not None:
            return made
    return None


def _made(call: ast.Call, space: dict[str, object], kinds: Sequence[type]) -> type | None:
    """Return the client that *call* creates: from a class, or with a library's function."""
    called = meaning.of(call.func, space)
    if objects.is_a(called, type):
        return _same(called, kinds)
    if isinstance(call.func, ast.Attribute) and call.func.attr in OPENERS:
        owner = meaning.of(call.func.value, space)
        if objects.is_a(owner, type):
            return _same(owner, kinds)
        if objects.is_module(owner):
            name = str(vars(owner).get("__name__", ""))
            near = [k for k in kinds if objects.module_of(k).partition(".")[0] in name.split(".")]
            return near[0] if near else None
    return None


def _same(kind: type, kinds: Sequence[type]) -> type | None:
    return next((one for one in kinds if any(base is one for base in objects.mro(kind))), None)


# A wrapper in `async with`: Python looks `__aenter__` up on the class, past its `__getattr__`


def _entered(users: Sequence[Step], item: Any, labels: Labels) -> StandIn | None:
    step = users[0]
    kinds = _with(ENTERS)
    there = parsed_files.covering(step.frame.f_code.co_filename, step.line, step.span)
    for node in there if kinds else ():
        if isinstance(node, ast.AsyncWith):
            for one in node.items:
                thing = meaning.of(one.context_expr, step.frame)
                found = _wrapper(thing, kinds) if _hands_on(type(thing)) else None
                if found is not None:
                    return _of(thing, "async with", found, users, item, labels)
    return None


def _hands_on(kind: type) -> bool:
    """Return whether a class has a `__getattr__`, and no method for `async with`."""
    has = {name for base in objects.mro(kind) for name in objects.class_dict(base)}
    return "__getattr__" in has and ENTERS not in has


# A client's class: it takes the first argument for the object, and lacks the last


def _not_made(link: Link, users: Sequence[Step], item: Any, labels: Labels) -> StandIn | None:
    step, said = users[0], objects.said(link.error)
    if link.trace[-1] is not step or LACKS not in said:
        return None
    for node in parsed_files.covering(step.frame.f_code.co_filename, step.line, step.span):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=name)):
                thing = meaning.of(owner, step.frame)
                method = objects.attribute(thing, name) if objects.is_a(thing, type) else None
                kind: Any = thing
                client = _same(kind, _with(name)) if type(method) is FunctionType else None
                if client is not None:
                    found = _of(thing, name, ("class", client, None), users, item, labels)
                    return replace(found, kind="client class")
    return None


# A synchronous client that is awaited


def _awaited(users: Sequence[Step], item: Any, labels: Labels) -> StandIn | None:
    step = users[0]
    sync = tuple(_classes(sync=True))
    there = parsed_files.covering(step.frame.f_code.co_filename, step.line, step.span)
    for node in there if sync else ():
        if not isinstance(node, ast.Await | ast.AsyncWith):
            continue
        for owner, wanted in _asked(node):
            thing = meaning.of(owner, step.frame)
            client = _is(thing, sync)
            if isinstance(owner, ast.Call):  # created on the line itself
                made = meaning.of(owner.func, step.frame)
                client = _same(made, sync) if objects.is_a(made, type) else None
            if client is None:
                continue
            place, handed, said = (
                (step.place(labels), False, None)
                if not meaning.known(thing)
                else wrong_client_origins.find(thing, "sync client", users, item, labels)
            )
            return StandIn(
                subject=Subject(name=plain(said or ast.unparse(owner)), type=_dotted(client)),
                kind="sync client",
                wanted=wanted,
                client=_dotted(client),
                place=place,
                used_at=step.place(labels),
                handed=handed,
            )
    return None


def _asked(node: ast.Await | ast.AsyncWith) -> Iterator[tuple[ast.expr, str]]:
    if isinstance(node, ast.AsyncWith):
        yield from ((one.context_expr, "async with") for one in node.items)
    elif isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
        yield node.value.func.value, f"await {node.value.func.attr}"
