"""SQLite's write locks: which line has written to a file when another connection uses it.

SQLite lets one connection at a time write to a file. We keep the line that began to write when
another connection sends a statement. After the failure that transaction is rolled back already.
"""

from __future__ import annotations

import re
import sqlite3
import sys
import weakref
from typing import Any, NamedTuple

from loopcheck.labels import LOCK
from loopcheck.process import objects
from loopcheck.process.databases import table_statements
from loopcheck.watch.hooks import Counted, Notes, Undo, hooked_where_loaded, together
from loopcheck.watch.loops import LEDGER
from loopcheck.watch.stores.databases import Site, here, running_and_waiting_tasks

peek = objects.peek
MOST = 1_000  # open transactions, and statements that met one
BEGINS = re.compile(r"\s*BEGIN\s+(?:IMMEDIATE|EXCLUSIVE)\b", re.IGNORECASE)
WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


class Writing(NamedTuple):
    """The first write of a transaction."""

    connection: weakref.ref[Any]
    database: str  # a key that is unique for each database
    changes: int  # that the connection had made before
    begins: bool  # the statement takes the lock even if it changes no row
    site: Site


class Met(NamedTuple):
    """The open transaction of another connection that a statement met."""

    connection: weakref.ref[Any]  # the one that sent the statement
    holder: Site
    tasks: frozenset[int | None]  # the sender's, and those that wait for it


WRITING: dict[int, Writing] = {}  # by id of connection
MET: dict[int, Met] = {}  # by id of the connection that sent the last statement


def holder_met_by(connection: object) -> Met | None:
    """Return the open transaction that the last statement of *connection* met."""
    met = MET.get(id(connection))
    return met if met is not None and met.connection() is connection else None


def _sends(connection: object, function: object, *given: object, **_: object) -> None:
    """Record whose transaction a statement meets, and the first write of each transaction."""
    sql = given[0] if given else None
    raw = peek(connection, "_connection")
    if type(sql) is not str or not LEDGER.moment or not objects.is_a(raw, sqlite3.Connection):
        return  # after a refusal the connection still rolls back and closes
    key = id(connection)
    with LOCK:
        MET.pop(key, None)
        own = WRITING.get(key)
        if own is not None and not (own.connection() is connection and _in_transaction(raw)):
            own = None
            del WRITING[key]
        if len(WRITING) > (own is not None):
            _meet(connection)
        begins = BEGINS.match(sql) is not None
        if own is None and (begins or WRITES.match(sql) is not None):
            _begin(connection, raw, begins=begins)


def _begin(connection: object, raw: Any, *, begins: bool) -> None:
    database, _ = table_statements.of_aiosqlite(connection)
    if not table_statements.is_file(database):
        return  # another connection can't have it, or SQLite locks each of its tables
    if len(WRITING) < MOST:
        ref = weakref.ref(connection)
        WRITING[id(connection)] = Writing(ref, database, _changes(raw), begins, here())


def _meet(connection: object) -> None:
    """Record the other connection that has the write lock of the file of *connection*."""
    database: str | None = None
    for key, one in list(WRITING.items()):
        other = one.connection()
        raw = peek(other, "_connection")
        if not objects.is_a(raw, sqlite3.Connection) or not _in_transaction(raw):
            del WRITING[key]
            continue
        if other is connection or not (one.begins or _changes(raw) > one.changes):
            continue  # SQLite may have refused its write: then it waits itself
        database = database or table_statements.of_aiosqlite(connection)[0]
        if one.database == database and len(MET) < MOST:
            ref = weakref.ref(connection)
            MET[id(connection)] = Met(ref, one.site, running_and_waiting_tasks())


# The connection's own class in C answers, from any thread, without waiting for a statement.


def _in_transaction(raw: Any) -> bool:
    try:
        return bool(sqlite3.Connection.in_transaction.__get__(raw))
    except sqlite3.ProgrammingError:  # it is closed
        return False


def _changes(raw: Any) -> int:
    return int(sqlite3.Connection.total_changes.__get__(raw))


class _Driver:
    """Hooks aiosqlite, which SQLAlchemy may import in the middle of a test, for an engine."""

    def __init__(self) -> None:
        self.undo: Undo | None = None

    def hook_if_loaded(self, *_: object, **__: object) -> None:
        if self.undo is None and "aiosqlite.core" in sys.modules:
            self.undo = together(*hooked_where_loaded(HOOKS))

    def leave(self) -> None:
        WRITING.clear()
        MET.clear()
        undo, self.undo = self.undo, None
        if undo is not None:
            undo()


# All that an aiosqlite connection and its cursors do goes through this method.
HOOKS: tuple[tuple[str, str, Notes], ...] = (
    ("aiosqlite.core", "Connection", {"_execute": _sends}),
)
_driver = _Driver()
hook_late_driver = _driver.hook_if_loaded
ENGINES: tuple[tuple[str, str, Notes], ...] = (
    ("sqlalchemy.pool.base", "Pool", {"connect": hook_late_driver}),
)


def _hook() -> Undo:
    hook_late_driver()
    engines = () if _driver.undo is not None else hooked_where_loaded(ENGINES)
    return together(_driver.leave, *engines)


install = Counted(_hook).install
