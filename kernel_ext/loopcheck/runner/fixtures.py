"""The fixtures of a test: scope, loop scope as pytest-asyncio treats it, and current value.

This module reads pytest by attribute, and never imports it: names differ by version, so each look
is guarded.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
from collections.abc import Iterator
from functools import partial
from types import AsyncGeneratorType, CodeType, FrameType, FunctionType, GeneratorType
from typing import Any

from loopcheck.labels import Labels, parameters_masked
from loopcheck.process import objects
from loopcheck.process.object_names import Root
from loopcheck.records import SCOPES, FixtureRecord, LoopRecord, Place, TestRecord
from loopcheck.runner import fixture_tables, loop_scopes
from loopcheck.source import parsed_files, project_files, user_code
from loopcheck.source.nodes import nodes_of

RUNNER = "_scoped_runner"  # pytest-asyncio 1.1+: `_module_scoped_runner`
PLUGIN = "pytest_asyncio.plugin"


def definitions(item: Any) -> dict[str, Any]:
    """Return the definitions of all fixtures that *item* uses, keyed by name."""
    info = getattr(item, "_fixtureinfo", None)
    named = dict(getattr(info, "name2fixturedefs", None) or {})
    found = {name: defs[-1] for name, defs in named.items() if defs}
    request = getattr(item, "_request", None)
    return found | dict(getattr(request, "_fixture_defs", None) or {})


def codes(item: Any) -> list[CodeType]:
    """Return the code of each fixture that *item* uses."""
    found = map(user_code.fixture, definitions(item).values())
    return [code for code in found if code is not None]


def paused_frame(definition: Any) -> FrameType | None:
    """Return the frame that a live fixture in user code left at its `yield`."""
    code = users_code(definition)
    finalizers = getattr(definition, "_finalizers", None)
    for one in list(finalizers) if code is not None and type(finalizers) is list else ():
        held: list[object] = []
        if type(one) is partial:  # pytest's
            held = [*one.args]
        elif type(one) is FunctionType:  # pytest-asyncio's
            held = [*objects.closed_over(one).values()]
        for generator in held:
            frame = None
            if type(generator) is GeneratorType:
                frame = generator.gi_frame
            elif type(generator) is AsyncGeneratorType:
                frame = generator.ag_frame
            if frame is not None and frame.f_code is code:
                return frame
    return None


def runners(item: Any) -> dict[str, asyncio.AbstractEventLoop]:
    """Return pytest-asyncio's open loops that *item* can see, keyed by scope."""
    found = {}
    for name, definition in definitions(item).items():
        if getattr(getattr(definition, "func", None), "__module__", None) != PLUGIN:
            continue
        loop = fixture_tables.value_of(definition)  # before 1.1 a fixture's value was the loop
        if name.endswith(RUNNER):
            loop = objects.peek(loop, "_loop")  # get_loop() would create one
        if objects.is_loop(loop):
            found[str(definition.scope)] = loop
    return found


def roots(item: Any) -> Iterator[Root]:
    """Yield the values of live fixtures, as roots to search from."""
    for name, definition in definitions(item).items():
        if name.startswith("_") or (value := fixture_tables.value_of(definition)) is None:
            continue
        code = users_code(definition)
        if code is not None:
            yield Root(
                name=name,
                value=value,
                keeper="fixture",
                filename=code.co_filename,
                line=code.co_firstlineno,
                wide=definition.scope != "function",
            )


def given_on(item: Any) -> Iterator[Root]:
    """Yield globals that function-scoped fixtures read: their values may be older than the test.

    A global that the fixture itself assigns is left out.
    """
    for definition in definitions(item).values():
        code = users_code(definition) if definition.scope == "function" else None
        if code is None:
            continue
        space = getattr(objects.function_of(definition.func), "__globals__", {})
        block = parsed_files.function_of(code)
        own = {name for node in _globals(block) for name in node.names}
        for name in code.co_names:
            if name in space and name not in own and not objects.is_module(space[name]):
                yield Root(name=name, value=space[name], keeper="global", filename=code.co_filename)


def _globals(block: ast.AST | None) -> Iterator[ast.Global]:
    return nodes_of(ast.Global, block)


def read_fixtures(
    item: Any, labels: Labels, loops: dict[str, LoopRecord]
) -> tuple[FixtureRecord, ...]:
    """Return the user's fixtures of *item*; *loops* are pytest-asyncio's, keyed by scope."""
    return tuple(
        _read(name, definition, item, labels, loops)
        for name, definition in sorted(definitions(item).items())
        if users(definition)
    )


def manager(item: Any) -> Any:
    """Return pytest's own fixture manager."""
    return getattr(getattr(item, "session", None), "_fixturemanager", None)


def visible(name: str, item: Any) -> tuple[Any, ...]:
    """Return the definitions of fixture *name* that *item* can request."""
    keeper = manager(item)
    try:
        found = keeper.getfixturedefs(name, item)
    except Exception:  # pytest 7 takes a node id
        found = keeper.getfixturedefs(name, item.nodeid)
    return tuple(found or ())


def narrower_needs(fixture: FixtureRecord, item: Any) -> Iterator[Any]:
    """Yield the definitions that *fixture* requests and whose scope is narrower than its own."""
    for need in fixture.needs:
        # For its own name, take the fixture that it overrides.
        found = visible(need, item)[: -1 if need == fixture.name else None]
        scope = str(found[-1].scope) if found else fixture.scope
        known = need != "request" and {scope, fixture.scope} <= {*SCOPES}
        if known and SCOPES.index(scope) < SCOPES.index(fixture.scope):
            yield found[-1]


def read_one(definition: Any, item: Any, labels: Labels) -> FixtureRecord:
    """Return the record of *definition*, even of a plugin's."""
    return _read(str(definition.argname), definition, item, labels, {})


def users(definition: Any) -> bool:
    """Return whether a fixture is in user code."""
    return users_code(definition) is not None


def users_code(definition: Any) -> CodeType | None:
    """Return the code of a user fixture, None of any other."""
    code = user_code.fixture(definition)
    return code if code is not None and project_files.owner(code.co_filename) == "user" else None


def place(definition: Any, labels: Labels) -> Place | None:
    """Return the `def` of a user fixture."""
    code = users_code(definition)
    if code is None:
        return None
    return Place(labels.file(code.co_filename), def_line(code), str(definition.argname))


def _read(
    name: str, definition: Any, item: Any, labels: Labels, loops: dict[str, LoopRecord]
) -> FixtureRecord:
    loop_scope = fixture_loop_scope(definition, item.config)
    info = getattr(item, "_fixtureinfo", None)  # a folder has none
    return FixtureRecord(
        name=name,
        scope=str(definition.scope),
        asynchronous=asynchronous(definition.func),
        loop_scope=loop_scope,
        autouse=name in (getattr(info, "initialnames", None) or ())
        and name not in (getattr(info, "argnames", None) or ()),
        place=place(definition, labels),
        needs=tuple(getattr(definition, "argnames", ())),
        loop=loops.get(loop_scope) if loop_scope else None,
    )


def def_line(code: Any) -> int:
    """Return the line of the `def`, below the decorators."""
    function = parsed_files.function_of(code)
    return function.lineno if function else int(code.co_firstlineno)


def asynchronous(function: object) -> bool:
    """Return whether a fixture's *function* is an `async def`."""
    if getattr(function, "__globals__", {}).get("__name__") == PLUGIN:  # a wrapper, before 1.1
        function = inspect.unwrap(function)  # type: ignore[arg-type]
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)


def of_asyncio(definition: Any) -> bool:
    """Return whether `@pytest_asyncio.fixture` decorates the fixture."""
    function = getattr(definition.func, "__func__", definition.func)
    return bool(getattr(function, "_force_asyncio_fixture", False))


def fixture_loop_scope(definition: Any, config: Any) -> str | None:
    """Return the scope of the loop that pytest-asyncio runs a fixture on, None if on none."""
    function = getattr(definition.func, "__func__", definition.func)
    if not of_asyncio(definition) and not (
        asynchronous(function) and asyncio_mode(config) == "auto"
    ):
        return None
    default = setting(config, "asyncio_default_fixture_loop_scope")
    said = getattr(function, "_loop_scope", None) or default
    return str(definition.scope if said in (None, "", "fixture-scope") else said)


def asyncio_mode(config: Any) -> str | None:
    """Return the mode of pytest-asyncio, None if it is not loaded."""
    found = setting(config, "asyncio_mode")
    return str(found) if found else None


def setting(config: Any, name: str) -> object | None:
    """Return the option or ini value *name*, None if no plugin defines it."""
    try:
        given = config.getoption(name, None)  # `--asyncio-mode` wins over the ini
        found: object = given.value if hasattr(given, "value") else given
        return found or config.getini(name)
    except (ValueError, KeyError, AttributeError):
        return None


def read_test(item: Any, phase: Any, labels: Labels) -> TestRecord:
    """Return the record of *item*."""
    scope = loop_scopes.of_test(item)
    code = user_code.test(item)
    users = code is not None and project_files.owner(code.co_filename) == "user"
    name = parameters_masked(str(item.name))
    return TestRecord(
        nodeid=labels.node(str(item.nodeid)),
        name=name,
        phase=phase,
        loop_scope=scope,
        place=Place(labels.file(code.co_filename), code.co_firstlineno, name)
        if users and code is not None
        else None,
    )
