"""Follows connections and tables in runs that have a database library loaded."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from loopcheck.plugin import ours

if TYPE_CHECKING:
    from loopcheck.labels import Labels
    from loopcheck.plugin.found import Found
    from loopcheck.records import Evidence

LIBRARIES = ("asyncpg", "sqlalchemy", "aiosqlite", "psycopg_pool")
POOLED = ("valkey.asyncio", "redis.asyncio", "aiomysql", "psycopg")  # their state tells enough


class Databases:
    """Installs the watch when the tests are collected, or before the test after a late import."""

    def __init__(self, found: Found, labels: Labels) -> None:
        self.found, self.labels = found, labels
        self.undo: Callable[[], None] | None = None

    def loaded(self) -> None:
        """Watch what was imported by now: tortoise and piccolo load aiosqlite as they connect."""
        if self.undo is None and any(name in sys.modules for name in LIBRARIES):
            with ours.guarded("watch the databases", self.found.notes):
                from loopcheck.watch.stores import databases

                self.undo = databases.install()

    def end(self) -> None:
        if self.undo is not None:
            self.undo()

    def explains(self, evidence: Evidence, error: BaseException, item: Any) -> Evidence:
        """Return *evidence* with what the databases of the failing lines tell."""
        if not any(name in sys.modules for name in (*LIBRARIES, *POOLED)):
            return evidence
        from loopcheck.case import database_evidence

        with ours.guarded("look at the databases", self.found.notes):
            return database_evidence.of_failure(
                evidence, error, item, self.found.tests, self.labels
            )
        return evidence
