"""APIs that newer versions removed: known by name, and missing in the installed version.

A message alone proves nothing. The callee must be a library's, its signature must lack the
argument, or the module the name, and the table must list it as removed.
"""

from __future__ import annotations

import ast
import asyncio
import functools
import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any, cast

from loopcheck.labels import Labels, plain
from loopcheck.light import replace
from loopcheck.process import objects
from loopcheck.process.failure import Link, Step
from loopcheck.records import Place, RemovedApi
from loopcheck.runner import installed
from loopcheck.source import calls, modules, parsed_files, project_files
from loopcheck.source.nodes import calls_in, spans_line
from loopcheck.source.values import meaning

MOVED = "aioredis became redis.asyncio"
NO_BIND = "leave it out: pass the engine to each call"
WATCHERS = "nothing: loops watch children themselves"
NO_LOOP = "leave it out: asyncio uses the running loop"
# (package, callee or "*", argument): (removed in, what to write instead)
ARGUMENTS: dict[tuple[str, str, str], tuple[str, str]] = {
    ("httpx", "*", "app"): ("httpx 0.28", "transport=httpx.ASGITransport(app=…)"),
    ("httpx", "*", "proxies"): ("httpx 0.28", "proxy=…, or mounts={…} for several"),
    ("httpx", "*", "allow_redirects"): ("httpx 0.20", "follow_redirects=…"),
    ("httpx", "*", "dispatch"): ("httpx 0.15", "transport=…"),
    ("starlette", "*", "allow_redirects"): ("starlette 0.21", "follow_redirects=…"),
    ("starlette", "Starlette", "on_startup"): ("starlette 1.0", "lifespan=…"),
    ("starlette", "Starlette", "on_shutdown"): ("starlette 1.0", "lifespan=…"),
    ("asyncio", "*", "loop"): ("Python 3.10", NO_LOOP),
    ("redis", "*", "loop"): (MOVED, NO_LOOP),
    ("valkey", "*", "loop"): (MOVED, NO_LOOP),
    ("redis", "*", "minsize"): (MOVED, "leave it out: the pool connects on demand"),
    ("redis", "*", "maxsize"): (MOVED, "max_connections=…"),
    ("valkey", "*", "minsize"): (MOVED, "leave it out: the pool connects on demand"),
    ("valkey", "*", "maxsize"): (MOVED, "max_connections=…"),
    ("redis", "*", "charset"): ("redis 6", "encoding=…"),
    ("redis", "*", "errors"): ("redis 6", "encoding_errors=…"),
    ("aiohttp", "*", "loop"): ("aiohttp 4", NO_LOOP),
    ("aiohttp", "*", "read_timeout"): ("aiohttp 4", "timeout=aiohttp.ClientTimeout(…)"),
    ("aiohttp", "*", "conn_timeout"): ("aiohttp 4", "timeout=aiohttp.ClientTimeout(…)"),
    ("websockets", "*", "loop"): ("websockets 14", NO_LOOP),
    ("websockets", "*", "extra_headers"): ("websockets 14", "additional_headers=…"),
    ("async_timeout", "*", "loop"): ("async-timeout 4", NO_LOOP),
    ("aiofiles", "*", "loop"): ("aiofiles 0.6", NO_LOOP),
    ("sqlalchemy", "MetaData", "bind"): (
        "SQLAlchemy 2.0",
        NO_BIND,
    ),
    ("sqlalchemy", "*", "autocommit"): ("SQLAlchemy 2.0", "leave it out: use session.begin()"),
    ("sqlalchemy", "create_engine", "convert_unicode"): ("SQLAlchemy 2.0", "leave it out"),
    ("sqlalchemy", "create_engine", "strategy"): ("SQLAlchemy 2.0", "leave it out"),
    ("elasticsearch", "*", "timeout"): ("elasticsearch 9", "request_timeout=…"),
}
_ABC: tuple[str, ...] = (
    "Awaitable",
    "Callable",
    "Hashable",
    "Iterable",
    "Iterator",
    "Mapping",
    "MutableMapping",
)
_ABC += ("Coroutine", "AsyncIterator", "AsyncIterable", "Sequence", "Set", "MutableSet", "Sized")
# (module or class, name): (removed in, what to write instead)
NAMES: dict[tuple[str, str], tuple[str, str]] = {
    ("asyncio", "coroutine"): ("Python 3.11", "async def"),
    ("asyncio", "async"): ("Python 3.7", "asyncio.create_task(…)"),
    ("asyncio", "JoinableQueue"): ("Python 3.5", "asyncio.Queue"),
    ("asyncio", "get_child_watcher"): ("Python 3.14", WATCHERS),
    ("asyncio", "set_child_watcher"): ("Python 3.14", WATCHERS),
    ("asyncio", "SafeChildWatcher"): ("Python 3.14", WATCHERS),
    ("asyncio", "ThreadedChildWatcher"): (
        "Python 3.14",
        "nothing: loops watch children themselves",
    ),
    ("asyncio.Task", "all_tasks"): ("Python 3.9", "asyncio.all_tasks()"),
    ("asyncio.Task", "current_task"): ("Python 3.9", "asyncio.current_task()"),
    ("aiohttp", "Timeout"): ("aiohttp 3", "asyncio.timeout(…)"),
    ("aiohttp.test_utils", "unittest_run_loop"): (
        "aiohttp 4",
        "leave it out: unittest awaits the tests",
    ),
    ("redis.asyncio", "create_redis_pool"): (MOVED, "redis.asyncio.from_url(…)"),
    ("redis.asyncio", "create_redis"): (MOVED, "redis.asyncio.from_url(…)"),
    ("redis.asyncio", "create_pool"): (MOVED, "redis.asyncio.ConnectionPool.from_url(…)"),
    ("redis.asyncio", "create_connection"): (MOVED, "redis.asyncio.from_url(…)"),
    ("valkey.asyncio", "create_redis_pool"): (MOVED, "valkey.asyncio.from_url(…)"),
    ("redis.asyncio.client.Redis", "wait_closed"): (MOVED, "await client.aclose()"),
    ("valkey.asyncio.client.Valkey", "wait_closed"): (MOVED, "await client.aclose()"),
    ("redis.asyncio.client.Redis", "hmset_dict"): (MOVED, "client.hset(…, mapping=…)"),
    ("valkey.asyncio.client.Valkey", "hmset_dict"): (MOVED, "client.hset(…, mapping=…)"),
    ("sqlalchemy.engine.base.Engine", "execute"): (
        "SQLAlchemy 2.0",
        "connection.execute(…), with the connection of engine.connect()",
    ),
    ("sqlalchemy.engine.base.Engine", "table_names"): (
        "SQLAlchemy 2.0",
        "inspect(engine).get_table_names()",
    ),
    ("sqlalchemy.engine.base.Engine", "has_table"): (
        "SQLAlchemy 2.0",
        "inspect(engine).has_table(…)",
    ),
    ("sqlalchemy.engine.base.Engine", "scalar"): (
        "SQLAlchemy 2.0",
        "connection.execute(…), with the connection of engine.connect()",
    ),
    ("sqlalchemy.ext.asyncio.engine.AsyncEngine", "execute"): (
        "SQLAlchemy 2.0",
        "connection.execute(…), with the connection of engine.connect()",
    ),
    ("anyio", "create_event"): ("anyio 3", "anyio.Event()"),
    ("anyio", "create_lock"): ("anyio 3", "anyio.Lock()"),
    ("anyio", "create_semaphore"): ("anyio 3", "anyio.Semaphore(…)"),
    ("anyio", "create_condition"): ("anyio 3", "anyio.Condition()"),
    ("anyio", "open_cancel_scope"): ("anyio 3", "anyio.CancelScope()"),
    ("anyio", "run_sync_in_worker_thread"): ("anyio 3", "anyio.to_thread.run_sync(…)"),
    ("anyio", "ExceptionGroup"): ("anyio 4", "the built-in ExceptionGroup"),
    ("starlette.applications.Starlette", "on_event"): ("starlette 1.0", "lifespan=…"),
    ("starlette.applications.Starlette", "add_event_handler"): ("starlette 1.0", "lifespan=…"),
    ("inspect", "getargspec"): ("Python 3.11", "inspect.signature(…)"),
    ("unittest.case.TestCase", "assertEquals"): ("Python 3.12", "assertEqual"),
    ("unittest.case.TestCase", "assertNotEquals"): ("Python 3.12", "assertNotEqual"),
    ("unittest.case.TestCase", "assertItemsEqual"): ("Python 3", "assertCountEqual"),
    **{("collections", n): ("Python 3.10", f"collections.abc.{n}") for n in _ABC},
    **{
        (f"starlette.applications.{kind}", name): ("starlette 1.0", "routes=[…]")
        for kind in ("Starlette",)
        for name in ("route", "websocket_route", "middleware", "exception_handler")
    },
}
MODULES: dict[str, tuple[str, str]] = {
    "aioredis": ("redis 4.2 took it over", "redis.asyncio"),
    "asyncore": ("Python 3.12", "asyncio"),
    "asynchat": ("Python 3.12", "asyncio"),
    "smtpd": ("Python 3.12", "aiosmtpd"),
    "imp": ("Python 3.12", "importlib"),
    "async_generator": ("Python 3.7 took it over", "contextlib.asynccontextmanager"),
    "aioredlock": (MOVED, "redis.asyncio.lock.Lock"),
    "asyncio.compat": ("Python 3.7", "nothing: it is no longer needed"),
}
LATER = (DeprecationWarning, PendingDeprecationWarning)
LEFT_OUT = frozenset({"aioredlock", "async_generator"})  # they may just not be installed
WORDS = "got an unexpected keyword argument"


def read(links: Sequence[Link], labels: Labels) -> RemovedApi | None:
    """Return what the failing line uses and no longer exists, None if that is unknown."""
    looks = (_argument, _put_by, _later, _name, _import, _coroutines, _text, _deprecated)
    for link in links:
        for look in looks:
            if (found := look(link, labels)) is not None:
                return found
    return None


# Arguments


def _argument(link: Link, labels: Labels) -> RemovedApi | None:
    """Return the argument that a library's function no longer has."""
    step, word = link.user, _keyword(link)
    if step is None or word is None:
        return None
    call, callee = _called(step, word)
    if call is None or callee is None or _is_users(callee) or _takes(callee, word):
        return None
    return _gone(callee, word, _line(call, word), step, labels)


def _keyword(link: Link) -> str | None:
    """Return the unexpected argument. From 3.13 on the message also suggests a similar name."""
    head, there, rest = objects.said(link.error).partition(f"{WORDS} '")
    if type(link.error) is not TypeError or not there or not head:
        return None
    return rest.partition("'")[0]


def _called(step: Step, word: str) -> tuple[ast.Call | None, object | None]:
    """Return the call on the failing line that passes *word*, and what it calls."""
    node, statement = step.source.expression, step.source.statement
    around = [*calls_in(statement)]
    calls = [node, *around] if isinstance(node, ast.Call) else around
    for call in calls:
        given = {one.arg for one in call.keywords}
        if word in given or None in given:
            callee = _callee(call.func, step.frame, step)
            if callee is not None:
                return call, callee
    return None, None


def _callee(node: ast.expr, scope: meaning.Scope, step: Step) -> object | None:
    if ast.unparse(node) == "super().__init__":
        kind = type(step.frame.f_locals.get("self"))
        bases = [k for k in objects.mro(kind) if objects.users_class(k) is None]
        return bases[0] if bases and bases[0] is not object else None
    found = meaning.of(node, scope)
    if type(found) is MethodType:
        return found.__func__
    return found if meaning.known(found) else None


def _is_users(callee: object) -> bool:
    if objects.is_mock(callee):
        return True
    if objects.is_a(callee, type):
        return _first_library(callee) is None
    function = objects.function_of(callee)
    if function is None:
        return type(callee) is not BuiltinFunctionType
    return project_files.owner(function.__code__.co_filename) == "user"


def _first_library(callee: object) -> type | None:
    """Return the library class whose `__init__` a class inherits."""
    for kind in objects.mro(cast("type", callee)):
        init = objects.class_dict(kind).get("__init__")
        if init is not None or "__new__" in objects.class_dict(kind):
            return kind if objects.users_class(kind) is None and kind is not object else None
    return None


def _takes(callee: object, word: str) -> bool:
    """Return whether the signature has the argument, or accepts any."""
    try:
        parameters = inspect.signature(cast("Callable[..., Any]", callee)).parameters.values()
    except (TypeError, ValueError):
        return False  # written in C, and it has refused
    return any(one.name == word or one.kind is one.VAR_KEYWORD for one in parameters) and not (
        _wrapped(callee)
    )


def _wrapped(callee: object) -> bool:
    """Return whether a decorator of the library accepts any arguments, and passes them on."""
    kind = _first_library(callee) if objects.is_a(callee, type) else None
    init = objects.class_dict(kind).get("__init__") if kind is not None else callee
    return type(init) is FunctionType and "__wrapped__" in vars(init)


def _gone(callee: object, word: str, line: int, step: Step, labels: Labels) -> RemovedApi | None:
    kind = _first_library(callee) if objects.is_a(callee, type) else None
    owner = kind if kind is not None else objects.function_of(callee) or callee
    module = objects.module_of(kind) if kind is not None else str(getattr(owner, "__module__", ""))
    name = str(getattr(owner, "__qualname__", "")).removesuffix(".__init__")
    package = module.lstrip("_").partition(".")[0]
    known = ARGUMENTS.get((package, name, word)) or ARGUMENTS.get((package, "*", word))
    if known is None:
        return None
    shown = f"{package}.asyncio.{name}" if ".asyncio." in module else f"{package}.{name}"
    return _record(f"{word}=", shown, known, package, line, step, labels)


def _line(call: ast.Call, word: str) -> int:
    return next((one.value.lineno for one in call.keywords if one.arg == word), call.lineno)


def _put_by(link: Link, labels: Labels) -> RemovedApi | None:
    """Return the argument that the only matching `partial(…)` in user code has kept until now."""
    step, word = link.user, _keyword(link)
    if step is None or word is None:
        return None
    refused = objects.said(link.error).partition("(")[0].removesuffix(".__init__")
    found = []
    for space in modules.spaces():
        for file in space.files():
            for node in _partials(file, word):
                callee = _callee(node.args[0], space.held, step)
                if callee is None or _is_users(callee) or _takes(callee, word):
                    continue
                if getattr(callee, "__qualname__", None) == refused:
                    line = _line(node, word)
                    found.append((_gone(callee, word, line, step, labels), file, line))
    known = {(file, line): gone for gone, file, line in found if gone is not None}
    if len(known) != 1:
        return None
    [((file, line), gone)] = known.items()
    return replace(gone, place=Place(labels.file(file), line))


def _partials(file: str, word: str) -> Iterator[ast.Call]:
    module = parsed_files.tree(file) if f"{word}=" in parsed_files.text(file) else None
    for node in calls_in(module):
        if node.args and word in {k.arg for k in node.keywords}:
            yield from [node] if calls.last(node.func) == "partial" else []


def _later(link: Link, labels: Labels) -> RemovedApi | None:
    """Return the argument that a client accepted silently, and its connection refused."""
    step, word = link.user, _keyword(link)
    last = link.trace[-1] if link.trace else None
    package = last.module.partition(".")[0] if last is not None else ""
    known = ARGUMENTS.get((package, "*", word or ""))
    if step is None or last is None or last.owner != "library" or known is None or word is None:
        return None
    places = list(_giving(word))
    mine = [one for one in places if _around(one, link)] or places
    if len(mine) != 1:
        return None
    file, line, call = mine[0]
    found = _record(f"{word}=", call, known, package, line, step, labels)
    here, used = Place(labels.file(file), line), step.place(labels)
    return replace(found, place=here, used_at=used)


def _around(given: tuple[str, int, str], link: Link) -> bool:
    """Return whether a function of the traceback passes it."""
    file, line, _ = given
    return any(
        spans_line(block, line)
        for step in link.trace
        if step.frame.f_code.co_filename == file
        for block in parsed_files.enclosing(file, step.line)
    )


def _giving(word: str) -> Iterator[tuple[str, int, str]]:
    """Yield the lines of user code that pass *word* to a client's constructor, and the call."""
    for space in modules.spaces():
        for file in space.files():
            module = parsed_files.tree(file) if f"{word}=" in parsed_files.text(file) else None
            for node in calls_in(module):
                if any(one.arg == word for one in node.keywords):
                    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                    if name in ("from_url", "Redis", "Valkey", "ConnectionPool", "StrictRedis"):
                        yield file, _line(node, word), ast.unparse(node.func)


# Names


def _name(link: Link, labels: Labels) -> RemovedApi | None:
    """Return the attribute that a library's module or class no longer has."""
    if not objects.is_a(link.error, AttributeError):
        return None
    step = link.user
    owner = AttributeError.__dict__["obj"].__get__(link.error)
    name = AttributeError.__dict__["name"].__get__(link.error)
    if step is None or type(name) is not str or owner is None:
        return None
    for said in _names_of(owner):
        known = NAMES.get((said, name))
        if known is not None:
            package = said.partition(".")[0]
            short = said if objects.is_module(owner) else said.rpartition(".")[2]
            return _record(name, f"{short}.{name}", known, package, step.line, step, labels)
    return None


def _names_of(owner: object) -> Iterator[str]:
    if objects.is_module(owner):
        yield str(vars(owner).get("__name__", ""))
        return
    if owner is asyncio.Task:
        yield "asyncio.Task"
    itself: Any = owner
    for kind in objects.mro(itself if objects.is_a(owner, type) else type(owner)):
        yield f"{objects.module_of(kind)}.{type.__dict__['__qualname__'].__get__(kind)}"


def _import(link: Link, labels: Labels) -> RemovedApi | None:
    """Return the name, or the module, that can no longer be imported."""
    step = link.user
    error = link.error
    if objects.is_a(error, TypeError) and link.trace:
        last = link.trace[-1]
        if last.module == "aioredis.exceptions" and step is not None:  # it defines an error twice
            known = MODULES["aioredis"]
            return _record("aioredis", "aioredis", known, "redis", step.line, step, labels)
    if not objects.is_a(error, ImportError) or step is None or link.trace[-1].owner == "library":
        return None
    module = ImportError.__dict__["name"].__get__(error)
    if objects.is_a(error, ModuleNotFoundError):
        known_module = MODULES.get(str(module))
        if known_module is None or str(module) in LEFT_OUT:
            return None
        there = str(module).partition(".")[0]
        return _record(str(module), str(module), known_module, there, step.line, step, labels)
    said = objects.said(link.error).partition("cannot import name '")[2].partition("'")[0]
    gone = NAMES.get((str(module), said))
    loaded = sys.modules.get(str(module))
    if gone is None or type(loaded) is not ModuleType or said in vars(loaded):
        return None
    package = str(module).partition(".")[0]
    return _record(said, f"{module}.{said}", gone, package, step.line, step, labels)


# Values that are no longer accepted


def _coroutines(link: Link, labels: Labels) -> RemovedApi | None:
    """Return the `asyncio.wait` that received coroutines."""
    last, step = (link.trace[-1] if link.trace else None), link.user
    if last is None or step is None or type(link.error) is not TypeError:
        return None
    if (last.module, last.frame.f_code.co_name) != ("asyncio.tasks", "wait"):
        return None
    given = last.frame.f_locals.get("fs")
    if not objects.is_a(given, set) or not any(
        map(asyncio.iscoroutine, cast("set[object]", given))
    ):
        return None
    known = ("Python 3.11", "asyncio.create_task(…), for each of them, or a TaskGroup")
    return _record("coroutines", "asyncio.wait", known, "asyncio", step.line, step, labels)


def _text(link: Link, labels: Labels) -> RemovedApi | None:
    """Return the SQL that was passed as plain text."""
    step = link.user
    kind = objects.type_name(link.error)
    target = objects.peek(link.error, "target")
    if kind != "sqlalchemy.exc.ObjectNotExecutableError" or step is None or type(target) is not str:
        return None
    known = ("SQLAlchemy 2.0", 'sqlalchemy.text("…")')
    return _record("plain text", "execute", known, "sqlalchemy", step.line, step, labels)


def _deprecated(link: Link, labels: Labels) -> RemovedApi | None:
    """Return the call whose deprecation the project's filters made an error.

    The library raises it in its own function. A project's own warning is its own affair.
    """
    last, step = (link.trace[-1] if link.trace else None), link.user
    if last is None or step is None or last.owner != "library" or type(link.error) not in LATER:
        return None
    package = last.module.partition(".")[0]
    version = installed.version(package)
    if version is None:
        return None
    used: ast.AST | None = step.source.expression
    if isinstance(used, ast.With | ast.AsyncWith):
        used = used.items[0].context_expr
    if isinstance(used, ast.Await):
        used = used.value
    name = f"{package}.{last.frame.f_code.co_qualname}"
    if isinstance(used, ast.Call):
        name = ast.unparse(used.func)
    known = (f"{package} {version}", "")
    return replace(
        _record(name, name, known, package, step.line, step, labels),
        said=plain(objects.said(link.error).partition("\n")[0]),
    )


def _record(
    what: str,
    owner: str,
    known: tuple[str, str],
    package: str,
    line: int,
    step: Step,
    labels: Labels,
) -> RemovedApi:
    code = step.frame.f_code
    version = installed.version(package) if package not in sys.stdlib_module_names else None
    return RemovedApi(
        what=what,
        owner=owner,
        since=known[0],
        instead=known[1],
        place=Place(labels.file(code.co_filename), line, code.co_name),
        version=f"{package} {version}" if version is not None else _python(),
    )


@functools.cache
def _python() -> str:
    return "Python {}.{}".format(*sys.version_info)
