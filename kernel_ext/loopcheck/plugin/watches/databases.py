"""Follows connections and tables in runs that have a database library loaded."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from loopcheck.plugin import ours

if TYPE_CHECKING:
    from loopcheck.labels import Labels
    from loopcheck.plugin.found import Found

LIBRARIES = ("asyncpg", "sqlalchemy", "aiosqlite", "psycopg_pool")


class Databases:
    """Installs the watch after collection, or before the test after a late import."""

    def __init__(self, found: Found, labels: Labels) -> None:
        self.found, self.labels = found, labels
        self.undo: Callable[[], None] | None = None

    def loaded(self) -> None:
        """Watch the libraries imported by now: tortoise and piccolo load aiosqlite later."""
        if not any(name in sys.modules for name in LIBRARIES):
            return
        with ours.guarded("watch the databases", self.found.notes):
            from loopcheck.watch.hooks import together
            from loopcheck.watch.stores import databases, write_locks

            if self.undo is None:
                self.undo = together(databases.install(), write_locks.install())
            else:
                write_locks.hook_late_driver()

    def end(self) -> None:
        if self.undo is not None:
            self.undo()
