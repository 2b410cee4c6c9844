"""Fixtures as defined: how pytest would treat each, before any test requests it.

This module reads pytest by attribute, and never imports it. It sets up no fixture.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.records import DefinedFixture, FixtureRecord, Place
from loopcheck.runner import (
    async_tests,
    fixture_lookups,
    fixtures,
    written_fixtures,
)

# These run fixtures for tests with their mark only. httpx brings anyio, so most projects have it.
MARKED = ("anyio", "trio")
# Plugins that hook into every set-up but run no fixture; `python` is its name in pytest 8.
LOOKERS = ("fixtures", "setuponly", "setupplan", "python", "loopcheck", "asyncio")
MOST_FILES = 200  # files to search for the word anyio or trio


def within_reach(node: Any) -> dict[str, Any]:
    """Return the user's fixtures that a test at *node* can request, the nearest of each name."""
    found = {}
    for name in sorted(fixture_lookups.within_reach(node)):
        visible = fixtures.visible(name, node)
        if visible and fixtures.users(visible[-1]):
            found[name] = visible[-1]
    return found


def read_defined(
    definitions: dict[str, Any], node: Any, labels: Labels
) -> tuple[DefinedFixture, ...]:
    """Return *definitions*, which are keyed by name, as pytest would treat them at *node*."""
    always = autouse_names(node)
    others = _other_runners(node)
    mode = fixtures.asyncio_mode(node.config)
    return tuple(_read(one, node, labels, always, others, mode) for one in definitions.values())


def _read(
    one: Any,
    node: Any,
    labels: Labels,
    always: frozenset[str],
    others: tuple[str, ...],
    mode: str | None,
) -> DefinedFixture:
    record = fixtures.read_one(one, node, labels)
    form = async_tests.form(one.func)
    return DefinedFixture(
        fixture=FixtureRecord(
            name=record.name,
            scope=record.scope,
            asynchronous=record.asynchronous,
            loop_scope=record.loop_scope,
            autouse=record.name in always,
            place=record.place,
            needs=tuple(need for need in record.needs if need != "request"),
        ),
        form=form,
        decorator="@pytest_asyncio.fixture" if fixtures.of_asyncio(one) else "@pytest.fixture",
        runner=_runner(record, form, others, one),
        mode=mode,
        parameters=len(one.params or ()),
        overrides=len(fixtures.visible(record.name, node)) - 1,
        narrower_needs=tuple(
            f"{need.argname} ({need.scope})" for need in fixtures.narrower_needs(record, node)
        ),
    )


def _runner(record: FixtureRecord, form: str, others: tuple[str, ...], one: Any) -> str | None:
    if record.loop_scope is not None:
        return "pytest-asyncio"
    if form == "plain":
        return "pytest"
    if "anyio_backend" in one.argnames:
        return "anyio"
    return others[0] if others else None


def autouse_names(node: Any) -> frozenset[str]:
    """Return the names of the autouse fixtures of all tests at *node*."""
    manager = fixtures.manager(node)
    try:
        return frozenset(manager._getautousenames(node))
    except Exception:  # pytest 7 takes a node id
        return frozenset()


def _other_runners(node: Any) -> tuple[str, ...]:
    """Return plugins that may run an async fixture which pytest-asyncio ignores."""
    calls = node.config.hook.pytest_fixture_setup.get_hookimpls()
    names = [str(call.plugin_name).rpartition(".")[2] for call in calls]
    found = [name for name in dict.fromkeys(names) if not name.startswith(LOOKERS)]
    return tuple(name for name in found if name not in MARKED or _speaks_of(name, node))


def _speaks_of(name: str, node: Any) -> bool:
    """Return whether a test file, or a cell, uses that plugin's mark or fixture."""
    if name == "trio" and fixtures.setting(node.config, "trio_mode"):
        return True
    space = getattr(node, "space", None)
    if space is not None:
        return any(_marked(one, name) for one in (*vars(space).values(), space))
    files = islice(fixture_lookups.files(str(Path(node.path).parent)), MOST_FILES)
    return any(name in _text(Path(file)) for file in files)


def _marked(thing: object, mark: str) -> bool:
    if type(thing) not in (FunctionType, ModuleType):
        return False
    marks = vars(thing).get("pytestmark", ())
    said = marks if isinstance(marks, list | tuple) else (marks,)
    return any(getattr(one, "name", None) == mark for one in said)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


# Files that cannot be imported


def from_text(filename: str, labels: Labels) -> tuple[FixtureRecord, ...]:
    """Return the fixtures that the text of a file defines."""
    return tuple(_from_text(filename, labels))


def _from_text(filename: str, labels: Labels) -> Iterator[FixtureRecord]:
    for one in written_fixtures.fixtures_in(filename):
        node = one.node
        if node.col_offset == 0:  # those of a class are for its tests alone
            arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            yield FixtureRecord(
                name=one.name,
                scope=one.scope or "function",
                asynchronous=one.is_async,
                loop_scope=one.loop_scope or None,
                place=Place(labels.file(filename), node.lineno, one.name),
                needs=tuple(arg.arg for arg in arguments if arg.arg != "request"),
            )
