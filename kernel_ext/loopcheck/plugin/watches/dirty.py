"""Follows what tests write to stores, in runs that have loaded a client for one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from loopcheck.light import replace
from loopcheck.plugin import ours

if TYPE_CHECKING:
    from loopcheck.labels import Labels
    from loopcheck.plugin.found import Found
    from loopcheck.records import Evidence

LIBRARIES = (
    *("valkey.client", "redis.client", "valkey.asyncio.client", "redis.asyncio.client"),
    *("sqlalchemy.engine.default", "aiosqlite.core", "asyncpg.connection"),
)


class Dirty:
    """Checks after imports whether there is something new to watch."""

    def __init__(self, found: Found, labels: Labels, *, asked: bool) -> None:
        self.found, self.labels = found, labels
        self.asked = asked  # to look into the tests' stores
        self.known: tuple[bool, ...] = ()
        self.undos: list[Callable[[], None]] = []

    def loaded(self) -> None:
        """Watch the clients imported by now."""
        modules = sys.modules
        loaded = tuple([name in modules for name in LIBRARIES])
        if loaded != self.known:
            self.known = loaded
            if any(loaded):
                self._watch()

    def _watch(self) -> None:
        from loopcheck.watch.stores import (  # late
            driver_rows,
            leftovers,
            store_errors,
            stores,
            tables,
        )

        with leftovers.remembered():
            self.end()
            watches = (stores, tables, driver_rows, store_errors)
            self.undos += [one.install() for one in watches]
        if self.asked:
            stores.ask()

    def explains(self, evidence: Evidence) -> Evidence:
        """Return *evidence* with the name of the test whose leftovers this one met."""
        dirt = evidence.dirt
        if dirt is None:
            return evidence
        tests, number = self.found.tests, int(dirt.left_by)
        left_by = self.labels.node(tests[number - 1]) if 0 < number <= len(tests) else ""
        return replace(evidence, dirt=replace(dirt, left_by=left_by))

    def end(self) -> None:
        while self.undos:
            self.undos.pop()()


class Looks:
    """Looks into the stores before each test, if configured."""

    def __init__(self, dirty: Dirty) -> None:
        self.dirty = dirty

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        self._look(set_up=False)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self) -> None:
        self._look(set_up=True)

    def _look(self, *, set_up: bool) -> None:
        if self.dirty.undos:
            from loopcheck.watch.stores import stores

            with ours.guarded("look at the stores", self.dirty.found.notes):
                stores.look(set_up=set_up)
