"""The loops on which each async fixture was set up: recorded for a notebook's table."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.plugin.ours import guarded
from loopcheck.process import objects
from loopcheck.runner import fixture_tables, fixtures
from loopcheck.watch import loops as watch

if TYPE_CHECKING:
    from loopcheck.labels import Labels
    from loopcheck.plugin.picture import Picture
    from loopcheck.records import FixtureRecord, LoopRecord, Place

SHOWN = 3  # loops to keep for one fixture; beyond that the number is enough
ANYIO = "anyio.pytest_plugin"


@dataclass(slots=True)
class Loops:
    """The first loops that a fixture was set up on, and how many there were."""

    scope: str | None  # from pytest-asyncio's runner
    entries: list[watch.Entry] = field(default_factory=list)
    serials: set[int] = field(default_factory=set)


class SetUpOn:
    """The hook for runs in a notebook."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.known: dict[Any, Loops] = {}  # by definition

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(
        self, fixturedef: Any, request: Any
    ) -> Generator[None, object, object]:
        __tracebackhide__ = True  # as pytest's own: a failure points at the user's line
        function = fixturedef.func  # during setup, pytest-asyncio puts its own there
        try:
            return (yield)
        finally:
            if not self.picture.away and fixtures.asynchronous(function):
                with guarded("note the loop of a fixture", self.picture.found.notes):
                    self._note(fixturedef, request)

    def _note(self, definition: Any, request: Any) -> None:
        """Record the loop of a finished setup, failed or not."""
        loops = self.known.get(definition)
        if loops is None:
            loops = Loops(fixtures.fixture_loop_scope(definition, request.config))
            self.known[definition] = loops
        entry = _ran_on(loops.scope, request)
        if entry is not None and entry.serial not in loops.serials:
            loops.serials.add(entry.serial)
            if len(loops.entries) < SHOWN:
                loops.entries.append(entry)

    def told(self, record: FixtureRecord, labels: Labels) -> FixtureRecord:
        """Return *record* with the loops of its fixture."""
        for definition, loops in self.known.items():
            if loops.entries and _at(definition, labels) == (record.name, record.place):
                in_words = tuple(self._loop(entry, labels) for entry in loops.entries)
                return replace(record, loops=in_words, loop_count=len(loops.serials))
        return record

    def _loop(self, entry: watch.Entry, labels: Labels) -> LoopRecord:
        from loopcheck.process.loops.loop_records import role_of
        from loopcheck.records import LoopRecord

        known = self.picture.named.get(entry.serial)
        return known or LoopRecord(label="", role=role_of(entry, labels), born=entry.serial)


def _at(definition: Any, labels: Labels) -> tuple[str, Place | None]:
    return str(definition.argname), fixtures.place(definition, labels)


def _ran_on(scope: str | None, request: Any) -> watch.Entry | None:
    """Return the ledger's entry for the loop that a fixture ran on, None if unknown."""
    if scope is None:
        return next((one for one in reversed(watch.LEDGER.entries) if _of_anyio(one)), None)
    known = getattr(request, "_fixture_defs", None) or {}
    runner = known.get(f"_{scope}{fixtures.RUNNER}")
    loop = objects.peek(fixture_tables.value_of(runner), "_loop") if runner is not None else None
    return watch.LEDGER.find(loop) if loop is not None else None


def _of_anyio(entry: watch.Entry) -> bool:
    """True if anyio's test runner made that loop: it has one at a time."""
    return any(module == ANYIO for module, *_ in entry.callers)
