"""How a test failed as pytest itself knows it, and what holds for the whole run.

This module reads pytest by attribute, and never imports it. It sets up no fixture and imports no
file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from types import AsyncGeneratorType, CodeType, CoroutineType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.light import frozen, replace
from loopcheck.process import objects
from loopcheck.process.failure import Link, Step
from loopcheck.records import (
    FixtureRecord,
    ItemRecord,
    LookupRecord,
    LoopRecord,
    Place,
    SessionRecord,
    SettingRecord,
    SetUpRecord,
)
from loopcheck.runner import (
    async_tests,
    collected_tests,
    fixture_lookups,
    fixture_tables,
    fixtures,
    idle_fixtures,
    idle_settings,
)
from loopcheck.source import project_files, user_code


@frozen
class Seen:
    """What pytest knows about a failing test beyond its errors."""

    item: ItemRecord | None = None
    set_up: SetUpRecord | None = None
    lookup: LookupRecord | None = None
    session: SessionRecord | None = None


def read(links: Sequence[Link], item: Any, labels: Labels) -> Seen:
    """Return how *item* failed, as pytest itself knows it."""
    if item is None or not links:
        return Seen()
    test = collected_tests.read_item(item, labels)
    unrun = collected_tests.unrun_set_up(links[0].error, item, labels)
    if test is not None and unrun is not None:
        test = replace(test, unrun_set_up=unrun[0], lacks=unrun[1])
    return Seen(
        item=test,
        set_up=read_set_up(links[0], item, labels) or _handed_over(links[0], item, labels),
        lookup=fixture_lookups.read_lookup(links[0].error, item, labels),
        session=read_session(item, labels, links),
    )


# The fixture that pytest could not set up


def read_set_up(link: Link, item: Any, labels: Labels) -> SetUpRecord | None:
    """Return the fixture whose set-up pytest itself refused, None if a line of it ran."""
    trace, too_wide = link.trace, False
    for index in range(len(trace) - 1, -1, -1):
        if trace[index].owner != "machinery":
            return None
        too_wide = too_wide or trace[index].frame.f_code.co_name == "_check_scope"
        definition = _definition(trace[index], too_wide)
        if definition is not None:
            other, marked = _anyio_test(definition, item)
            fixture = fixtures.read_one(definition, item, labels)
            return SetUpRecord(
                fixture=fixture,
                form=async_tests.form(definition.func),
                asked_by=_asked_by(trace[:index], definition, item),
                again=trace[index].frame.f_code.co_name == "execute",
                backend=_backend(item, labels),
                anyio_test=other,
                anyio_marked=marked,
                too_wide=too_wide,
                narrower=_narrower(fixture, item, labels) if too_wide else None,
            )
    return None


def _narrower(fixture: FixtureRecord, item: Any, labels: Labels) -> FixtureRecord | None:
    """Return the user's fixture of a narrower scope that *fixture* requests: pytest's first."""
    needs = filter(fixtures.users, fixtures.narrower_needs(fixture, item))
    return next((fixtures.read_one(one, item, labels) for one in needs), None)


def _backend(item: Any, labels: Labels) -> FixtureRecord | None:
    """Return `anyio_backend`: anyio runs all async fixtures of a test that uses it, even itself."""
    if "anyio_backend" not in getattr(item, "fixturenames", ()):
        return None
    seen = fixtures.visible("anyio_backend", item)
    if not seen or not _anyio_runs(item):
        return None
    return fixtures.read_one(seen[-1], item, labels)


def _anyio_runs(item: Any) -> bool:
    return _is_registered(getattr(item.config, "pluginmanager", None), "anyio.pytest_plugin")


def _is_registered(manager: Any, module: str) -> bool:
    """Return whether this run has registered the plugin of that module, under any name."""
    plugin = sys.modules.get(module)
    return plugin is not None and manager is not None and bool(manager.is_registered(plugin))


def _anyio_test(definition: Any, item: Any) -> tuple[str | None, bool]:
    """Return another test for which anyio sets up this very fixture, a marked one if any is.

    A test that is not async gets it too, if it requests `anyio_backend` itself.
    """
    if not _anyio_runs(item) or "anyio_backend" in getattr(item, "fixturenames", ()):
        return None, False
    found = None
    for other in getattr(item.session, "items", ()):
        theirs = getattr(other, "fixturenames", ())
        both = "anyio_backend" in theirs and definition.argname in theirs
        if both and fixtures.definitions(other).get(definition.argname) is definition:
            name = str(getattr(other, "originalname", None) or other.name)
            if other.get_closest_marker("anyio") is not None:
                return name, True
            found = found or name
    return found, False


def _handed_over(link: Link, item: Any, labels: Labels) -> SetUpRecord | None:
    """Return the fixture whose coroutine a test got as its value, as up to pytest 8."""
    for definition in fixtures.definitions(item).values():
        value = fixture_tables.value_of(definition)
        raw = type(value) in (CoroutineType, AsyncGeneratorType)
        if raw and fixtures.users(definition) and _stumbled(link, value):
            behind = _behind(definition, value)
            fixture = fixtures.read_one(definition, item, labels)
            if behind is not None:
                place = Place(labels.file(behind.co_filename), fixtures.def_line(behind))
                fixture = replace(fixture, place=replace(place, name=fixture.name))
            return SetUpRecord(
                fixture=fixture,
                form=_form(value) if behind is not None else async_tests.form(definition.func),
                asked_by=_asked_by((), definition, item),
                handed=True,
                wrapper=collected_tests.named(definition.func) if behind is not None else None,
            )
    return None


def _form(value: object) -> async_tests.Form:
    return "generator" if type(value) is AsyncGeneratorType else "coroutine"


def _behind(definition: Any, value: object) -> CodeType | None:
    """Return the code of the fixture that a decorator's plain function called without awaiting it.

    A fixture may return a coroutine that it created itself: then *value* is of another function.
    """
    function: Any = definition.func
    own = value.cr_code if type(value) is CoroutineType else getattr(value, "ag_code", None)
    around = user_code.own(function)
    if own is None or around is None or async_tests.form(function) != "plain":
        return None
    kept = user_code.function(function) is own
    traceless = own.co_name == definition.argname != around.co_name
    if not (kept or traceless) or project_files.owner(around.co_filename) != "user":
        return None
    return own


def _stumbled(link: Link, value: object) -> bool:
    """Return whether an error is about *value*, a coroutine or an asynchronous generator."""
    if objects.is_a(link.error, AttributeError):
        return link.error.obj is value
    kind = type(value).__name__
    words = (f"'{kind}'", f"<{kind} object", f"object {kind} can't")
    said = any(word in objects.said(link.error) for word in words)
    users = link.users
    return said and any(one is value for step in users for one in step.frame.f_locals.values())


def _definition(step: Step, too_wide: bool) -> Any:
    """Return the fixture that pytest refuses to set up in *step*: if *too_wide*, for its scope."""
    name, space = step.frame.f_code.co_name, step.frame.f_locals
    if step.module != "_pytest.fixtures":
        return None
    if name == "pytest_fixture_setup":
        return space.get("fixturedef")
    if name == "execute" and space.get("self") is not None:
        own = space["self"]
        stuck = getattr(own, "cached_result", None) is None and getattr(own, "_finalizers", None)
        return own if stuck or too_wide else None
    return None


def _asked_by(outer: Iterable[Step], definition: Any, item: Any) -> str | None:
    for step in reversed(tuple(outer)):
        other = step.frame.f_locals.get("self") if step.frame.f_code.co_name == "execute" else None
        if other is not None and other is not definition and hasattr(other, "argname"):
            return f"fixture `{other.argname}`"
    return str(getattr(item, "originalname", None) or getattr(item, "name", "")) or None


# The run


# Two loops met, or the loop on which the awaited code would run has stopped.
OF_A_LOOP = (RuntimeError, ValueError, TimeoutError, AssertionError)


def read_session(item: Any, labels: Labels, links: Sequence[Link] = ()) -> SessionRecord:
    """Return what holds for the whole run, as seen from *item*."""
    of_a_loop = any(type(link.error) in OF_A_LOOP for link in links)
    plugin = sys.modules.get("pytest_asyncio.plugin")
    manager = getattr(item.config, "pluginmanager", None)
    loaded = _is_registered(manager, "pytest_asyncio.plugin")
    package = sys.modules.get("pytest_asyncio")
    removed = tuple(name for name in idle_fixtures.REMOVED if loaded and not hasattr(plugin, name))
    mode = fixtures.asyncio_mode(item.config) if loaded else None
    read = getattr(item.config, "inipath", None)
    return SessionRecord(
        asyncio=str(getattr(package, "__version__", "")) if loaded else None,
        mode=mode,
        mode_at=idle_settings.auto_at(item, labels) if _beside_aiohttps(mode, manager) else None,
        anyio=_is_registered(manager, "anyio.pytest_plugin"),
        trio=_is_registered(manager, "pytest_trio.plugin"),
        removed=removed,
        overrides=tuple(_overrides(removed, item, labels)),
        settings=labels.file(str(read)) if read else None,
        idle=tuple(_idle(mode, item, labels)),
        idle_scopes=tuple(idle_settings.scopes(item, labels)) if loaded and of_a_loop else (),
    )


def _beside_aiohttps(mode: str | None, manager: Any) -> bool:
    return mode == "auto" and bool(manager.hasplugin("aiohttp.pytest_plugin"))


def _idle(mode: str | None, item: Any, labels: Labels) -> Iterator[SettingRecord]:
    """Yield the settings that request auto mode, if the plugin that runs the tests is strict."""
    if mode == "strict":
        yield from idle_settings.auto(item, labels)
    elif mode is None and fixtures.setting(item.config, idle_settings.ANYIO) == "strict":
        yield from idle_settings.auto(item, labels, idle_settings.ANYIO)


def _overrides(removed: tuple[str, ...], item: Any, labels: Labels) -> Iterator[FixtureRecord]:
    for name in removed:
        for definition in fixtures.visible(name, item)[-1:]:
            if fixtures.users(definition):
                record = fixtures.read_one(definition, item, labels)
                value = fixture_tables.value_of(definition)
                up = objects.is_loop(value)  # so that objects bound to it can refer to it
                loop = LoopRecord(label=labels.of("loop", value)) if up else None
                yield replace(record, loop=loop)
