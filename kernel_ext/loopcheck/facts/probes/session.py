"""How pytest collected a test, which fixture it could not find or set up, and what else holds.

pytest is read by attribute, never imported. Nothing here sets up a fixture or imports a file.
"""

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal

from loopcheck.facts.labels import Labels
from loopcheck.facts.probes import fixtures, objects, source
from loopcheck.facts.probes.failure import Link, Step
from loopcheck.facts.records import (
    FixtureRecord,
    ItemRecord,
    LookupRecord,
    LoopRecord,
    Place,
    SessionRecord,
    SetUpRecord,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is to be said of a failing test beyond its errors."""

    item: ItemRecord | None = None
    set_up: SetUpRecord | None = None
    lookup: LookupRecord | None = None
    session: SessionRecord | None = None


Form = Literal["plain", "coroutine", "generator"]
Def = ast.FunctionDef | ast.AsyncFunctionDef
Runner = Literal["pytest", "pytest-asyncio", "unittest", "other"]

RUNNERS: dict[str, Runner] = {
    "_pytest.python": "pytest",
    "_pytest.unittest": "unittest",
    "pytest_asyncio.plugin": "pytest-asyncio",
}
REMOVED = ("event_loop",)  # by pytest-asyncio 1.0
BRING = {  # fixtures that people know, and the packages that have them
    "mocker": "pytest-mock",
    "httpx_mock": "pytest-httpx",
    "respx_mock": "respx",
    "aiohttp_client": "pytest-aiohttp",
    "aiohttp_server": "pytest-aiohttp",
    "aiohttp_raw_server": "pytest-aiohttp",
    "aioresponses": "pytest-aioresponses",
    "benchmark": "pytest-benchmark",
    "freezer": "pytest-freezer",
    "anyio_backend": "anyio",
    "unused_tcp_port": "pytest-asyncio",
    "unused_tcp_port_factory": "pytest-asyncio",
    "httpserver": "pytest-httpserver",
    "nursery": "pytest-trio",
    "django_db_setup": "pytest-django",
    "testdir": "pytest (say: -p pytester)",
    "pytester": "pytest (say: -p pytester)",
}


def read(links: Sequence[Link], item: Any, labels: Labels) -> Seen:
    """Return how *item* came to fail, as pytest itself knows it."""
    if item is None or not links:
        return Seen()
    return Seen(
        item=read_item(item, labels),
        set_up=read_set_up(links[0], item, labels),
        lookup=read_lookup(links[0].error, item, labels),
        session=read_session(item, labels),
    )


# The test


def read_item(item: Any, labels: Labels) -> ItemRecord | None:
    """Return how *item* was collected, and what the user wrote."""
    given = getattr(item, "obj", None)
    if not callable(given):
        return None
    name = str(getattr(item, "originalname", None) or item.name)
    written, node = inspect.unwrap(given), None
    if getattr(_code(written), "co_name", name) != name:  # behind a decorator that keeps no trace
        node = _node(item, name)
    said = form(written) if node is None else _form_of(node)
    cls = getattr(item, "cls", None)
    return ItemRecord(
        name=name,
        place=_test_place(item, written, node, labels),
        runner=RUNNERS.get(type(item).__module__, "other"),
        form=said,
        wrapper=_wrapper(given) if said != "plain" and form(given) == "plain" else None,
        passed_over=passed_over(item),
        marks=tuple(dict.fromkeys(str(mark.name) for mark in item.iter_markers())),
        parameters=_parameters(written),
        isolated=_isolated(cls),
        owner_class=_class_place(cls, labels),
    )


def passed_over(item: Any) -> bool:
    """Return whether *item* is async in a way that its runner never awaits: it cannot fail."""
    kind = type(item)
    if kind.__module__ == "_pytest.unittest":
        given = form(getattr(item, "obj", None)) != "plain"
        return given and _isolated(getattr(item, "cls", None)) is False
    return kind.__module__ == "pytest_asyncio.plugin" and kind.__name__ == "AsyncGenerator"


def form(function: object) -> Form:
    """Return what calling *function* gives: a coroutine, an async generator, or something plain."""
    bare = getattr(function, "__func__", function)
    if inspect.isasyncgenfunction(bare):
        return "generator"
    return "coroutine" if inspect.iscoroutinefunction(bare) else "plain"


def _code(function: object) -> Any:
    return getattr(getattr(function, "__func__", function), "__code__", None)


def _wrapper(given: object) -> str | None:
    code = _code(given)
    return str(code.co_qualname).replace("<locals>.", "") if code is not None else None


def _test_place(item: Any, written: object, node: Def | None, labels: Labels) -> Place | None:
    name = str(getattr(item, "originalname", None) or item.name)
    if node is not None:
        return Place(labels.file(str(item.path)), node.lineno, name)
    code = _code(written)
    if code is None or source.owner(code.co_filename) != "user":
        return None
    return Place(labels.file(code.co_filename), fixtures.def_line(code), name)


def _node(item: Any, name: str) -> Def | None:
    """Return the function *name* that stands last in the file, or the class, of *item*."""
    file = str(getattr(item, "path", ""))
    cls = getattr(item, "cls", None)
    block = source.class_named(file, cls.__qualname__) if cls is not None else source.tree(file)
    found = [
        node
        for node in (block.body if block is not None else ())
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name
    ]
    return found[-1] if found else None


def _form_of(node: Def) -> Form:
    if isinstance(node, ast.FunctionDef):
        return "plain"
    return "generator" if any(isinstance(one, ast.Yield) for one in ast.walk(node)) else "coroutine"


def _parameters(written: object) -> tuple[str, ...]:
    code = _code(written)
    if code is None:
        return ()
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return tuple(name for name in names if name not in ("self", "cls"))


def _isolated(cls: object) -> bool | None:
    unittest = sys.modules.get("unittest")
    if unittest is None or not isinstance(cls, type) or not issubclass(cls, unittest.TestCase):
        return None
    if issubclass(cls, unittest.IsolatedAsyncioTestCase):
        return True
    # Django's, Twisted's and others' run coroutines in their own way.
    runs = {
        base.__module__
        for base in cls.__mro__
        if "run" in base.__dict__ or "__call__" in base.__dict__
    }
    return False if runs == {"unittest.case"} else None


def _class_place(cls: object, labels: Labels) -> Place | None:
    if not isinstance(cls, type):
        return None
    file = source.module_file(cls.__module__) or ""
    node = source.class_named(file, cls.__qualname__) if file else None
    return Place(labels.file(file), node.lineno, cls.__name__) if node is not None else None


# The fixture that pytest could not set up


def read_set_up(link: Link, item: Any, labels: Labels) -> SetUpRecord | None:
    """Return the fixture whose set-up pytest itself refused, None where a line of it ran."""
    trace = link.trace
    for index in range(len(trace) - 1, -1, -1):
        if trace[index].owner != "machinery":
            return None
        definition = _definition(trace[index])
        if definition is not None:
            return SetUpRecord(
                fixture=fixtures.read_one(definition, item, labels),
                form=form(definition.func),
                asked_by=_asked_by(trace[:index], definition, item),
                again=trace[index].frame.f_code.co_name == "execute",
            )
    return None


def _definition(step: Step) -> Any:
    name, space = step.frame.f_code.co_name, step.frame.f_locals
    if step.module != "_pytest.fixtures":
        return None
    if name == "pytest_fixture_setup":
        return space.get("fixturedef")
    if name == "execute" and space.get("self") is not None:
        own = space["self"]
        stuck = getattr(own, "cached_result", None) is None and getattr(own, "_finalizers", None)
        return own if stuck else None
    return None


def _asked_by(outer: Iterable[Step], definition: Any, item: Any) -> str | None:
    for step in reversed(tuple(outer)):
        other = step.frame.f_locals.get("self") if step.frame.f_code.co_name == "execute" else None
        if other is not None and other is not definition and hasattr(other, "argname"):
            return f"fixture `{other.argname}`"
    return str(getattr(item, "originalname", None) or getattr(item, "name", "")) or None


# The fixture that was not found


def read_lookup(error: BaseException, item: Any, labels: Labels) -> LookupRecord | None:
    """Return what *error*, pytest's FixtureLookupError, was looking for."""
    kind = type(error)
    if (kind.__module__, kind.__name__) != ("_pytest.fixtures", "FixtureLookupError"):
        return None
    name = getattr(error, "argname", None)
    if not isinstance(name, str) or getattr(error, "msg", None):
        return None  # pytest has words of its own: "… has no parameter"
    stack = [one for one in getattr(error, "fixturestack", ()) if hasattr(one, "argname")]
    asker = next((one for one in reversed(stack) if one.argname != name), None)
    reach = _within_reach(item)
    test = read_item(item, labels)
    test_name = test.name if test is not None else str(item.name)
    test_place = test.place if test is not None else None
    return LookupRecord(
        name=name,
        asked_by=str(asker.argname) if asker is not None else test_name,
        asked_at=fixtures.place(asker, labels) if asker is not None else test_place,
        by_fixture=asker is not None,
        near=_near(name, reach, item),
        elsewhere=tuple(_elsewhere(name, item, labels)),
        function=_function(name, item, labels),
        plugin=BRING.get(name),
        recursive=name in reach,
    )


def _manager(item: Any) -> Any:
    return getattr(getattr(item, "session", None), "_fixturemanager", None)


def _tables(item: Any) -> Iterator[dict[str, Any]]:
    """Yield pytest's tables of fixtures by name, whatever this version calls them."""
    for attribute in ("_arg2node2fixturedefs", "_arg2nodeid2fixturedefs", "_arg2fixturedefs"):
        table = getattr(_manager(item), attribute, None)
        if isinstance(table, dict):
            yield table


def _all(name: str, item: Any) -> Iterator[Any]:
    for table in _tables(item):
        found = table.get(name) or ()
        for each in found.values() if isinstance(found, dict) else (found,):
            yield from each


def visible(name: str, item: Any) -> tuple[Any, ...]:
    """Return the definitions of fixture *name* that *item* can ask for."""
    manager = _manager(item)
    try:
        found = manager.getfixturedefs(name, item)
    except Exception:  # pytest 7 takes a node id
        found = manager.getfixturedefs(name, item.nodeid)
    return tuple(found or ())


def _within_reach(item: Any) -> frozenset[str]:
    names = {name for table in _tables(item) for name in table if isinstance(name, str)}
    return frozenset(name for name in names if visible(name, item))


def _near(name: str, reach: frozenset[str], item: Any) -> tuple[str, ...]:
    """Return names that look like *name* or share its words, the user's own first."""
    public = sorted(one for one in reach if not one.startswith("_") and one != name)
    alike = get_close_matches(name, public, n=3, cutoff=0.7)
    own = [one for one in public if any(fixtures.users(d) for d in visible(one, item))]
    parts = [one for one in own if _shares_a_word(one, name)]
    found = list(dict.fromkeys([*alike, *parts]))
    return tuple(sorted(found, key=lambda one: one not in own))[:3]


def _shares_a_word(one: str, other: str) -> bool:
    first, second = set(one.split("_")), set(other.split("_"))
    return first <= second or second <= first


def _elsewhere(name: str, item: Any, labels: Labels) -> Iterator[Place]:
    found = (fixtures.place(one, labels) for one in _all(name, item))
    yield from sorted({place for place in found if place is not None})


def _function(name: str, item: Any, labels: Labels) -> Place | None:
    """Return a function called *name* in the test's module or a conftest.py it can see."""
    plugins = getattr(getattr(item, "config", None), "pluginmanager", None)
    conftests = list(plugins._getconftestmodules(item.path)) if plugins is not None else []
    for module in (getattr(item, "module", None), *reversed(conftests)):
        thing = getattr(module, "__dict__", {}).get(name)
        code = (
            getattr(inspect.unwrap(thing), "__code__", None) if inspect.isfunction(thing) else None
        )
        if code is not None and source.owner(code.co_filename) == "user":
            return Place(labels.file(code.co_filename), fixtures.def_line(code), name)
    return None


# The run


def read_session(item: Any, labels: Labels) -> SessionRecord:
    """Return what holds for the whole run, as *item* sees it."""
    plugin = sys.modules.get("pytest_asyncio.plugin")
    manager = getattr(item.config, "pluginmanager", None)
    loaded = plugin is not None and manager is not None and bool(manager.is_registered(plugin))
    package = sys.modules.get("pytest_asyncio")
    removed = tuple(name for name in REMOVED if loaded and not hasattr(plugin, name))
    return SessionRecord(
        asyncio=str(getattr(package, "__version__", "")) if loaded else None,
        mode=fixtures.asyncio_mode(item.config) if loaded else None,
        anyio=manager is not None and bool(manager.hasplugin("anyio")),
        removed=removed,
        overrides=tuple(_overrides(removed, item, labels)),
    )


def _overrides(removed: tuple[str, ...], item: Any, labels: Labels) -> Iterator[FixtureRecord]:
    for name in removed:
        for definition in visible(name, item)[-1:]:
            if fixtures.users(definition):
                record = fixtures.read_one(definition, item, labels)
                value = fixtures.value_of(definition)
                up = objects.is_loop(value)  # so that what is bound to it can be told
                loop = LoopRecord(label=labels.of("loop", value)) if up else None
                yield replace(record, loop=loop)
