"""Something where a client is wanted: a wrapper, a function, a coroutine, a client of another kind.

What was asked of it is an attribute of a client's class that is loaded, and the thing leads to such
a client: by what it keeps, or by what its function returns. Nothing is called.
"""

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import CodeType, CoroutineType, FunctionType, MethodType, ModuleType
from typing import Any, Literal, cast

from loopcheck.facts.labels import Labels, plain
from loopcheck.facts.probes import failure, fixtures, objects, resolve, source
from loopcheck.facts.probes.failure import Link, Step
from loopcheck.facts.probes.spaces import spaces
from loopcheck.facts.records import Place, StandIn, Subject

Kind = Literal["wrapper", "provider", "function", "coroutine", "class", "fixture", "sync client"]
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
CLIENT_NAMES = frozenset({"client", "conn", "connection", "redis", "valkey", "session", "pool"})
ENTERS = "__aenter__"
DEEPEST = 2  # attributes from a wrapper to its client


def read(links: Sequence[Link], item: Any, labels: Labels) -> StandIn | None:
    """Return what stood where a client was wanted."""
    for link in links:
        users = [step for step in reversed(link.trace) if step.owner == "user"]
        if users and objects.is_a(link.error, AttributeError):
            return _lacking(link.error, users, item, labels)
        if users and objects.is_a(link.error, TypeError):
            return _awaited(users, item, labels) or _entered(users, item, labels)
        if not failure.passed_on(link):
            return None
    return None


def _classes(sync: bool = False) -> Iterator[type]:
    """Yield the classes of clients that are loaded."""
    for module, name in CLIENTS:
        space = sys.modules.get(module)
        kind = vars(space).get(name) if type(space) is ModuleType else None
        if isinstance(kind, type) and (not sync or (module, name) in SYNC):
            yield kind


def _with(name: str) -> tuple[type, ...]:
    """Return the classes of clients that have *name*."""
    return tuple(
        kind
        for kind in _classes()
        if any(name in objects.class_dict(base) for base in objects.mro(kind)[:-1])
    )


def _is(thing: object, kinds: Sequence[type]) -> type | None:
    known = objects.mro(type(thing))
    return next((kind for kind in kinds if any(base is kind for base in known)), None)


# It lacks what a client has


def _lacking(
    error: BaseException, users: Sequence[Step], item: Any, labels: Labels
) -> StandIn | None:
    thing = AttributeError.__dict__["obj"].__get__(error)
    name = AttributeError.__dict__["name"].__get__(error)
    if type(name) is not str or name.startswith("_") or thing is None:
        return None
    kinds = _with(name)
    found = _leads(thing, kinds, users, item) if kinds else None
    if found is None:
        return None
    return _of(thing, name, found, users, item, labels)


def _of(
    thing: object,
    wanted: str,
    found: tuple[Kind, type, str | None],
    users: Sequence[Step],
    item: Any,
    labels: Labels,
) -> StandIn:
    kind, client, way = found
    place, handed, said = _handed(thing, kind, users, item, labels)
    called = said or objects.type_name(thing).rpartition(".")[2]
    return StandIn(
        subject=Subject(name=plain(called), type=objects.type_name(thing)),
        kind=kind,
        wanted=wanted,
        client=_dotted(client),
        place=place,
        used_at=_place(users[0], labels),
        way=plain(way.replace("self", said or "self", 1)) if way else None,
        handed=handed,
    )


def _dotted(kind: type) -> str:
    return f"{objects.module_of(kind)}.{type.__dict__['__qualname__'].__get__(kind)}"


def _leads(
    thing: object, kinds: Sequence[type], users: Sequence[Step], item: Any
) -> tuple[Kind, type, str | None] | None:
    """Return what *thing* is, the client that it leads to, and how."""
    if objects.module_of(type(thing)).startswith("unittest.mock"):
        return None
    if type(thing) is CoroutineType:
        return _coroutine(thing, kinds, item)
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
        return _class(cast("type", thing), kinds)
    if objects.type_name(thing).endswith(FACTORIES):
        return "function", kinds[0], "self()"
    return _wrapper(thing, kinds)


def _wrapper(thing: object, kinds: Sequence[type]) -> tuple[Kind, type, str | None] | None:
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
    """Return the client that a call of *thing* gives: of a function, a partial, a provider."""
    if type(thing) is FunctionType:
        if thing.__name__ in OPENERS and source.owner(thing.__code__.co_filename) == "library":
            root = thing.__module__.partition(".")[0]
            return next((k for k in kinds if objects.module_of(k).partition(".")[0] == root), None)
        found = _returned(thing.__code__, thing.__globals__, None, kinds)
        return found[0] if found else None
    if type(thing) is partial:
        return _gives(thing.func, kinds, depth + 1) if depth < DEEPEST else None
    if type(thing) is MethodType and objects.is_a(thing.__self__, type):
        opens = thing.__func__.__name__ in OPENERS
        return _same(cast("type", thing.__self__), kinds) if opens else None
    if objects.is_a(thing, type):
        return _same(cast("type", thing), kinds)
    own = objects.class_dict(type(thing)).get("__call__")
    if type(own) is not FunctionType or objects.users_class(type(thing)) is None:
        return None
    found = _returned(own.__code__, own.__globals__, thing, kinds)
    if found is not None or depth >= DEEPEST:
        return found[0] if found else None
    kept = (value for step, value in objects.steps(thing) if step[:1] == ".")
    return next(filter(None, (_gives(value, kinds, depth + 1) for value in kept)), None)


def _kept(thing: object, path: str, depth: int) -> Iterator[tuple[str, object]]:
    """Yield what an object of the user's keeps, nearest first."""
    held = [(f"{path}{step}", value) for step, value in objects.steps(thing) if step[:1] == "."]
    yield from held
    for name, value in held if depth + 1 < DEEPEST else ():
        if objects.users_class(type(value)) is not None:
            yield from _kept(value, name, depth + 1)


def _class(thing: type, kinds: Sequence[type]) -> tuple[Kind, type, str | None] | None:
    if objects.users_class(thing) is None:
        return None
    found = _method(thing, None, kinds)
    if found is None:
        init = objects.class_dict(thing).get("__init__")
        if type(init) is not FunctionType:
            return None
        block = source.function_at(init.__code__.co_filename, init.__code__.co_firstlineno)
        made = [node for node in ast.walk(block) if isinstance(node, ast.Call)] if block else []
        kind = next(filter(None, (_made(node, init.__globals__, kinds) for node in made)), None)
        return ("class", kind, None) if kind is not None else None
    return "class", found[0], None


def _method(kind: type, owner: object, kinds: Sequence[type]) -> tuple[type, str] | None:
    """Return the method of *kind* that gives a client."""
    for name, function in list(objects.class_dict(kind).items()):
        if type(function) is FunctionType and not name.startswith("__"):
            found = _returned(function.__code__, function.__globals__, owner, kinds)
            if found is not None:
                asynchronous = function.__code__.co_flags & 0x80
                return found[0], f"await self.{name}()" if asynchronous else f"self.{name}()"
    return None


def _owner(function: FunctionType, users: Sequence[Step]) -> object:
    """Return the object whose method *function* is, where a frame still has that."""
    for step in users:
        held = step.frame.f_locals.get("self")
        parts = [part for _, part in objects.steps(held)] if held is not None else []
        for value in [*step.frame.f_locals.values(), *parts]:
            if type(value) is MethodType and value.__func__ is function:
                return value.__self__
    return None


def _coroutine(
    thing: "CoroutineType[Any, Any, Any]", kinds: Sequence[type], item: Any
) -> tuple[Kind, type, str | None] | None:
    code, frame = thing.cr_code, thing.cr_frame
    if frame is None or (item is not None and code in _fixture_codes(item)):
        return None  # a fixture's own coroutine is LC301's
    if source.owner(code.co_filename) == "library":
        module = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        opens = module in ROOTS and code.co_name in OPENERS
        return ("coroutine", kinds[0], None) if opens else None
    owner = frame.f_locals.get("self")
    found = _returned(code, frame.f_globals, owner, kinds)
    return ("coroutine", found[0], None) if found else None


def _fixture_codes(item: Any) -> list[CodeType]:
    return [fixtures.code_of(one) for one in fixtures.definitions(item).values()]


# What a function of the user's returns


def _returned(
    code: CodeType, space: dict[str, object], owner: object, kinds: Sequence[type]
) -> tuple[type, str | None] | None:
    """Return the client that a function of the user's gives, and the attribute that keeps it."""
    if source.owner(code.co_filename) != "user":
        return None
    if code.co_name == "<lambda>":
        bodies = [one.body for one in _lambdas(code)]
        return _given(bodies[0], bodies[0], space, owner, kinds) if len(bodies) == 1 else None
    block = source.function_at(code.co_filename, code.co_firstlineno)
    if block is None:
        return None
    said = _named(block.returns, space)
    if isinstance(said, type) and (kind := _same(said, kinds)) is not None:
        return kind, None
    for node in _own(block):
        if isinstance(node, ast.Return | ast.Yield) and node.value is not None:
            value = node.value.value if isinstance(node.value, ast.Await) else node.value
            found = _given(value, block, space, owner, kinds)
            if found is not None:
                return found
    return None


def _lambdas(code: CodeType) -> list[ast.Lambda]:
    """Return those that *code* may be of: two on one line are not told apart."""
    tree = source.tree(code.co_filename)
    nodes = ast.walk(tree) if tree is not None else ()
    return [
        one for one in nodes if isinstance(one, ast.Lambda) and one.lineno == code.co_firstlineno
    ]


def _own(block: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a function, without those of functions within."""
    for node in ast.iter_child_nodes(block):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            yield from _own(node)


def _given(
    value: ast.AST, block: ast.AST, space: dict[str, object], owner: object, kinds: Sequence[type]
) -> tuple[type, str | None] | None:
    match value:
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            kept = objects.peek(owner, name) if owner is not None else None
            kind = _is(kept, kinds)
            return (kind, f"self.{name}") if kind is not None else None
        case ast.Name(id=name):
            if (kind := _is(space.get(name), kinds)) is not None:
                return kind, None
            for node in ast.walk(block):
                if isinstance(node, ast.Assign | ast.AnnAssign | ast.withitem):
                    made = _made_as(node, name, space, kinds)
                    if made is not None:
                        return made, None
        case ast.Call():
            made = _made(value, space, kinds)
            return (made, None) if made is not None else None
    return None


def _made_as(
    node: ast.Assign | ast.AnnAssign | ast.withitem,
    name: str,
    space: dict[str, object],
    kinds: Sequence[type],
) -> type | None:
    if isinstance(node, ast.withitem):
        targets: list[ast.expr | None] = [node.optional_vars]
        value: ast.expr | None = node.context_expr
    else:
        targets = list(node.targets) if isinstance(node, ast.Assign) else [node.target]
        value = node.value
    if not any(isinstance(one, ast.Name) and one.id == name for one in targets):
        return None
    value = value.value if isinstance(value, ast.Await) else value
    return _made(value, space, kinds) if isinstance(value, ast.Call) else None


def _made(call: ast.Call, space: dict[str, object], kinds: Sequence[type]) -> type | None:
    """Return the client that *call* makes: of a class, or by a library's function."""
    called = _named(call.func, space)
    if objects.is_a(called, type):
        return _same(cast("type", called), kinds)
    if isinstance(call.func, ast.Attribute) and call.func.attr in OPENERS:
        owner = _named(call.func.value, space)
        if objects.is_a(owner, type):
            return _same(cast("type", owner), kinds)
        if objects.is_module(owner):
            name = str(vars(owner).get("__name__", ""))
            near = [k for k in kinds if objects.module_of(k).partition(".")[0] in name.split(".")]
            return near[0] if near else None
    return None


def _named(node: ast.expr | None, space: dict[str, object]) -> object:
    match node:
        case ast.Name(id=name):
            return space.get(name)
        case ast.Attribute(value=owner, attr=name):
            return resolve.attribute(_named(owner, space), name)
    return None


def _same(kind: type, kinds: Sequence[type]) -> type | None:
    return next((one for one in kinds if any(base is one for base in objects.mro(kind))), None)


# A wrapper that is entered: `__getattr__` hands on what the class is not asked for


def _entered(users: Sequence[Step], item: Any, labels: Labels) -> StandIn | None:
    step = users[0]
    tree, kinds = source.tree(step.frame.f_code.co_filename), _with(ENTERS)
    for node in ast.walk(tree) if tree and kinds else ():
        if isinstance(node, ast.AsyncWith) and source.covers(node, step.line, step.span):
            for one in node.items:
                thing = resolve.value(one.context_expr, step.frame)
                found = _wrapper(thing, kinds) if _hands_on(type(thing)) else None
                if found is not None:
                    return _of(thing, "async with", found, users, item, labels)
    return None


def _hands_on(kind: type) -> bool:
    """Return whether a class has a `__getattr__`, and nothing that `async with` asks for."""
    has = {name for base in objects.mro(kind) for name in objects.class_dict(base)}
    return "__getattr__" in has and ENTERS not in has


# A synchronous client that is awaited


def _awaited(users: Sequence[Step], item: Any, labels: Labels) -> StandIn | None:
    step = users[0]
    tree = source.tree(step.frame.f_code.co_filename)
    sync = tuple(_classes(sync=True))
    for node in ast.walk(tree) if tree and sync else ():
        if not isinstance(node, ast.Await | ast.AsyncWith):
            continue
        if not source.covers(node, step.line, step.span):
            continue
        for owner, wanted in _asked(node):
            thing = resolve.value(owner, step.frame)
            client = _is(thing, sync)
            if isinstance(owner, ast.Call):  # made on the line itself
                made = resolve.value(owner.func, step.frame)
                client = _same(cast("type", made), sync) if objects.is_a(made, type) else None
            if client is None:
                continue
            place, handed, said = (
                (_place(step, labels), False, None)
                if thing is resolve.NOTHING
                else _handed(thing, "sync client", users, item, labels)
            )
            return StandIn(
                subject=Subject(name=plain(said or ast.unparse(owner)), type=_dotted(client)),
                kind="sync client",
                wanted=wanted,
                client=_dotted(client),
                place=place,
                used_at=_place(step, labels),
                handed=handed,
            )
    return None


def _asked(node: ast.Await | ast.AsyncWith) -> Iterator[tuple[ast.expr, str]]:
    if isinstance(node, ast.AsyncWith):
        yield from ((one.context_expr, "async with") for one in node.items)
    elif isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
        yield node.value.func.value, f"await {node.value.func.attr}"


# Who handed it on


def _handed(
    thing: object, kind: Kind, users: Sequence[Step], item: Any, labels: Labels
) -> tuple[Place, bool, str | None]:
    """Return the line to change, whether *thing* was an argument, and the user's name for it."""
    first = users[0].frame
    code = first.f_code
    parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    handed = any(_meant(first.f_locals.get(name), thing) for name in parameters if name != "self")
    made = _first(_assigned, users, thing, labels)
    passed = _first(_passing, users, thing, labels)
    given = _fixture(thing, kind, item, labels)
    if given is not None and kind == "function" and passed is None:
        given = _passed_on(given, item, labels) or given
    if made is not None and kind not in ("wrapper", "provider"):
        return made[0], handed, made[1]
    if given is not None and (
        passed is None
        or kind == "sync client"
        or given[1] in CLIENT_NAMES
        or not _meant_so(given[1], thing, item)
    ):
        return given[0], handed or passed is not None, given[1]
    found = passed or made
    if found is not None:
        return found[0], handed or found is passed, found[1]
    name = _name(thing, users[0])
    if name is not None and name.startswith("self."):  # whoever made its keeper handed it over
        owner = first.f_locals.get("self")
        keeper = _fixture(owner, kind, item, labels)
        if keeper is not None and not _made_inside(owner, name, thing):
            dropped = _not_awaited(keeper[1], thing, item, labels)
            entered = _entered_in(thing, labels) if kind == "function" else None
            return dropped or entered or _made_once(owner, labels) or keeper[0], True, name
    outermost = users[1] if handed and len(users) > 1 else users[0]
    return _place(outermost, labels), handed, name


def _entered_in(thing: object, labels: Labels) -> Place | None:
    """Return the only line of the user's modules that hands on the function itself, to a container.

    `Depends(get_client)` is right: FastAPI calls it.
    """
    found = []
    for name, module in list(sys.modules.items()):
        file = vars(module).get("__file__") if type(module) is ModuleType else None
        if type(file) is not str or not any(one is thing for one in list(vars(module).values())):
            continue
        tree = source.tree(file) if source.owner(file, name) == "user" else None
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.Call) and not ast.unparse(node.func).endswith("Depends"):
                given = [*node.args, *(one.value for one in node.keywords)]
                lines = [one.lineno for one in given if _named(one, vars(module)) is thing]
                found += [Place(labels.file(file), line) for line in lines]
    return found[0] if len(found) == 1 else None


def _made_once(owner: object, labels: Labels) -> Place | None:
    """Return the only line of the user's modules that makes an object of *owner*'s class."""
    name, found = type(owner).__name__, []
    for space in spaces():
        tree = source.tree(space.file) if space.file is not None else None
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.Call) and _named(node.func, space.held) is type(owner):
                given = [*node.args, *(one.value for one in node.keywords)]
                line = given[0].lineno if len(given) == 1 else node.lineno
                found.append(Place(labels.file(space.file or ""), line, name))
    return found[0] if len(found) == 1 else None


def _made_inside(owner: object, name: str, thing: object) -> bool:
    """Return whether the class of *owner* makes *thing* as *name*: then nobody handed it over."""
    for base in objects.mro(type(owner)):
        filename = objects.users_class(base)
        block = source.class_named(filename, base.__qualname__) if filename else None
        for node in ast.walk(block) if block is not None else ():
            match node:
                case (
                    ast.Assign(targets=[target], value=ast.Call(func=called))
                    | ast.AnnAssign(target=target, value=ast.Call(func=called))
                ) if ast.unparse(target) == name:
                    return ast.unparse(called).rpartition(".")[2] == type(thing).__name__
    return False


def _meant_so(name: str, thing: object, item: Any) -> bool:
    """Return whether tests use the fixture *name* as what it is: by its own methods, or a call."""
    path = str(getattr(item, "path", ""))
    tree = source.tree(path) if path else None
    own = {one for kind in objects.mro(type(thing)) for one in objects.class_dict(kind)}
    for block in ast.walk(tree) if tree else ():
        if not isinstance(block, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if name not in [one.arg for one in block.args.args]:
            continue
        for node in ast.walk(block):
            match node:
                case ast.Attribute(value=ast.Name(id=said), attr=attr):
                    if said == name and attr in own:
                        return True
                case ast.Call(func=ast.Name(id=said)) if said == name:
                    return True
    return False


def _first(
    look: Callable[[Step, object], tuple[int, str] | None],
    users: Sequence[Step],
    thing: object,
    labels: Labels,
) -> tuple[Place, str] | None:
    for step in users:
        if (found := look(step, thing)) is not None:
            code = step.frame.f_code
            return Place(labels.file(code.co_filename), found[0], code.co_name), found[1]
    return None


def _meant(value: object, thing: object) -> bool:
    """Return whether *value* is *thing*, or the method whose function that is."""
    return value is thing or (type(value) is MethodType and value.__func__ is thing)


def _name(thing: object, step: Step) -> str | None:
    named = [name for name, value in step.frame.f_locals.items() if _meant(value, thing)]
    if named:
        return named[0]
    held = step.frame.f_locals.get("self")
    for attribute, value in objects.steps(held) if held is not None else ():
        if _meant(value, thing) and attribute[:1] == ".":
            return f"self{attribute}"
    return next((n for n, value in step.frame.f_globals.items() if _meant(value, thing)), None)


def _passing(step: Step, thing: object) -> tuple[int, str] | None:
    """Return the line of *step*'s function that passes *thing* to a call, and its name there."""
    code = step.frame.f_code
    functions = source.enclosing(code.co_filename, step.line)
    for node in ast.walk(functions[0]) if functions and code.co_name != "<module>" else ():
        if isinstance(node, ast.Call) and node.lineno <= step.line:
            for argument in [*node.args, *(one.value for one in node.keywords)]:
                if _says(argument, step, thing):
                    return argument.lineno, ast.unparse(argument)
    return None


def _says(node: ast.expr, step: Step, thing: object) -> bool:
    """Return whether *node* stands for *thing*, or for the method whose function that is."""
    if _meant(resolve.value(node, step.frame), thing):
        return True
    if not isinstance(node, ast.Attribute) or type(thing) is not FunctionType:
        return False
    owner = resolve.value(node.value, step.frame)
    kinds = objects.mro(type(owner)) if owner is not resolve.NOTHING else ()
    return any(objects.class_dict(kind).get(node.attr) is thing for kind in kinds)


def _assigned(step: Step, thing: object) -> tuple[int, str] | None:
    code = step.frame.f_code
    functions = source.enclosing(code.co_filename, step.line)
    parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    for name, value in list(step.frame.f_locals.items()):
        if _meant(value, thing) and functions and name not in parameters:
            line = source.assigned(functions[0], name)
            if line is not None:
                return line, name
    return None


def _fixture(thing: object, kind: Kind, item: Any, labels: Labels) -> tuple[Place, str] | None:
    """Return the line that gives *thing* to tests, or passes it on in a fixture of theirs."""
    definitions = fixtures.definitions(item) if item is not None else {}
    names = [name for name, one in definitions.items() if _meant(fixtures.value_of(one), thing)]
    for name in names:
        code = fixtures.code_of(definitions[name])
        if code is None or source.owner(code.co_filename) != "user":
            continue
        block = source.function_at(code.co_filename, code.co_firstlineno)
        made = source.made_in(block) if block is not None and kind == "sync client" else None
        if made is not None:
            return Place(labels.file(code.co_filename), made, name), name
        for node in ast.walk(block) if block is not None else ():
            if isinstance(node, ast.Yield | ast.Return) and node.value is not None:
                return Place(labels.file(code.co_filename), node.lineno, name), name
    return None


def _passed_on(given: tuple[Place, str], item: Any, labels: Labels) -> tuple[Place, str] | None:
    """Return where a fixture passes on the function of another, which that gives on purpose."""
    blocks = dict(_blocks(item))
    mine = next((one for name, (_, one) in blocks.items() if name == given[1]), None)
    inner = (ast.FunctionDef, ast.AsyncFunctionDef)
    if mine is None or not any(isinstance(one, inner) for one in mine.body):
        return None
    found = [
        (Place(labels.file(file), argument.lineno, name), given[1])
        for name, (file, block) in blocks.items()
        for node in ast.walk(block)
        if isinstance(node, ast.Call)
        for argument in (*node.args, *(one.value for one in node.keywords))
        if isinstance(argument, ast.Name) and argument.id == given[1]
    ]
    return found[0] if len(found) == 1 else None


def _not_awaited(fixture: str, thing: object, item: Any, labels: Labels) -> Place | None:
    """Return the line of *fixture* that makes the coroutine which it hands to the keeper."""
    file, block = dict(_blocks(item)).get(fixture, ("", None))
    name = thing.__name__ if type(thing) is CoroutineType else None
    for node in ast.walk(block) if block is not None and name is not None else ():
        match node:
            case ast.Assign(value=ast.Call(func=ast.Name(id=said) | ast.Attribute(attr=said))):
                if said == name:
                    return Place(labels.file(file), node.lineno, fixture)
    return None


Block = ast.FunctionDef | ast.AsyncFunctionDef


def _blocks(item: Any) -> Iterator[tuple[str, tuple[str, Block]]]:
    """Yield the fixtures of *item* that are the user's: name, file and function."""
    for name, one in fixtures.definitions(item).items() if item is not None else ():
        code = fixtures.code_of(one)
        if code is not None and source.owner(code.co_filename) == "user":
            block = source.function_at(code.co_filename, code.co_firstlineno)
            if block is not None:
                yield name, (code.co_filename, block)


def _place(step: Step, labels: Labels) -> Place:
    code = step.frame.f_code
    return Place(labels.file(code.co_filename), step.line, code.co_name)
