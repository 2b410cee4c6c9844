"""Rows that go through aiosqlite or asyncpg without SQLAlchemy: which test left or finds them.

We record a statement when it is sent, so before the database accepts or refuses it. What it writes
counts when its connection continues or the next test begins, and only if it was accepted.
"""

from __future__ import annotations

import os
import re
import sys
import weakref
from collections.abc import Callable
from typing import Any, NamedTuple

from loopcheck.labels import LOCK
from loopcheck.process import objects
from loopcheck.process.databases import table_statements
from loopcheck.process.frames import module_of
from loopcheck.watch import faults
from loopcheck.watch.hooks import Counted, Notes, Undo, hooked_where_loaded, step_aside, together
from loopcheck.watch.loops import LEDGER
from loopcheck.watch.stores import tables
from loopcheck.watch.stores.leftovers import STATE, Key, Left, Where, Written

peek = objects.peek
COMMIT = re.compile(r"\s*(?:COMMIT|END)\b", re.IGNORECASE)
ROLLBACK = re.compile(r"\s*(?:ROLLBACK|ABORT)\b", re.IGNORECASE)
# It can create a table only if there is none; otherwise it fails, and so does its test.
MADE = re.compile(r"\s*CREATE\s+TABLE\s+(?!IF\b)[\"`\[]?([\w.]+)", re.IGNORECASE)
WHOLE = re.compile(r"\s*DROP\s+(?:SCHEMA|DATABASE)\b", re.IGNORECASE)


# What was accepted


def _settle(connection: object) -> None:
    """Count what *connection* received before, and all that earlier tests wrote."""
    for one in list(STATE.written):
        if one.connection() is connection or one.left.test != LEDGER.moment:
            STATE.written.remove(one)
            _count(one)


def _count(one: Written) -> None:
    connection = one.connection()
    if connection is None:
        return  # it was freed without a commit, and its transaction with it
    is_open = one.open
    if one.changes is not None:
        changes = _changes(connection)
        if changes is None or changes <= one.changes:
            return  # refused, or there was nothing to do
        inner: Any = peek(connection, "_connection")
        is_open = bool(inner.in_transaction)
    tables.wait(id(connection), one.key, one.left)
    if not is_open:
        tables.commit(id(connection))


def _changes(connection: object) -> int | None:
    """Return how many rows an aiosqlite connection has changed; any thread may read that."""
    inner: Any = peek(connection, "_connection")
    return inner.total_changes if inner is not None else None


def _refused(sql: object) -> None:
    """Forget what this test wrote with a statement that PostgreSQL has refused."""
    with LOCK:
        for one in list(STATE.written):
            if one.sql == sql and one.left.test == LEDGER.moment:
                STATE.written.remove(one)


# Statements


class Said(NamedTuple):
    """One statement, and the connection that received it."""

    connection: object
    key: str  # which database
    sql: str
    given: tuple[object, ...]
    owner: object  # the object that user code has a name for

    @property
    def where(self) -> Where:
        return ("database", self.key)

    @property
    def kind(self) -> str:
        return self.key.partition(" ")[0]


def _note(connection: object, place: table_statements.Where, sql: object, *given: object) -> None:
    if type(sql) is not str or not place[0] or not LEDGER.moment or len(sql) > tables.LONGEST:
        return
    if module_of(sys._getframe(3)).startswith("sqlalchemy."):
        return  # its statements are seen on their way here
    with LOCK:
        STATE.turn()
        _settle(connection)
        for part in sql.split(";"):
            _one(Said(connection, place[0], part, given, _owner(connection)), sql)


def _owner(connection: object) -> object:
    """Return the pool of a borrowed connection, else the connection."""
    return peek(peek(connection, "_pool_holder"), "_pool") or connection


def _one(said: Said, whole: str) -> None:
    sql = said.sql
    if COMMIT.match(sql):
        tables.commit(id(said.connection))
    elif ROLLBACK.match(sql):
        STATE.pending.pop(id(said.connection), None)
    elif (found := tables.INSERT.match(sql)) is not None:
        _inserted(said, found[1].lower(), whole)
    elif (made := MADE.match(sql)) is not None:
        tables.taken_away((said.where, made[1].lower()))
    elif WHOLE.match(sql):
        _forget(said.where)
    elif (gone := tables.AWAY.match(sql)) is not None:
        for table in re.findall(r"[\w.]+", gone[1]):
            tables.taken_away((said.where, table.lower()))
    elif (read := tables.SELECT.match(sql)) is not None:
        _read(said, (said.where, read[1].lower()))


def _inserted(said: Said, table: str, whole: str) -> None:
    key = (said.where, table)
    values = tables.row_values(said.sql, said.given)
    test = tables.inserted(said.kind, key, values, said.owner)
    if test is None:
        return
    held = weakref.ref(said.connection)
    left = Left(LEDGER.moment, test, values=values)
    STATE.written.append(Written(held, key, left, whole, _changes(said.connection), _is_open(said)))


def _is_open(said: Said) -> bool:
    protocol: Any = peek(said.connection, "_protocol")
    return bool(protocol is not None and protocol.is_in_transaction())


def _read(said: Said, key: Key) -> None:
    filtered = " WHERE " in tables.flat(said.sql)
    asked = tables.asked_for(said.sql, said.given) if filtered else frozenset()
    if not filtered or asked:
        tables.read(said.kind, key, asked, said.owner)
    if filtered:
        tables.read_some(said.kind, key, said.owner)


def _forget(where: Where) -> None:
    for key in [key for key in STATE.left if key[0] == where]:
        tables.taken_away(key)


# aiosqlite


def _sqlite_runs(connection: object, sql: object, *given: object, **named: object) -> None:
    place = table_statements.of_aiosqlite(connection)
    _note(connection, place, sql, *given, *named.values())


def _cursor_runs(cursor: object, sql: object, *given: object, **named: object) -> None:
    connection = peek(cursor, "_conn")
    _note(connection, table_statements.of_aiosqlite(connection), sql, *given, *named.values())


def _sqlite_script(connection: object, sql: object) -> None:
    with LOCK:  # it commits before it begins
        _settle(connection)
        tables.commit(id(connection))
    _sqlite_runs(connection, sql)


def _commits(connection: object) -> None:
    with LOCK:
        _settle(connection)
        tables.commit(id(connection))


def _rolls_back(connection: object, *_: object, **__: object) -> None:
    with LOCK:
        _settle(connection)
        STATE.pending.pop(id(connection), None)


def _opens(connection: object) -> None:
    """Forget the tables of a file that no longer exists: its path is used anew."""
    key = table_statements.of_aiosqlite(connection)[0]
    path = key.removeprefix("sqlite ")
    if path.startswith(os.sep) and not (os.path.exists(path) and os.path.getsize(path)):
        with LOCK:
            for where in {key[0] for key in STATE.left if _is_at(key[0], path)}:
                _forget(where)


def _is_at(where: Where, path: str) -> bool:
    """Return whether that is the file at *path*, for SQLAlchemy as well."""
    named = [one.removeprefix("sqlite ") for one in where if type(one) is str and os.sep in one]
    return any(os.path.abspath(one) == path for one in named)


# asyncpg


def _postgres_runs(connection: object, sql: object, *given: object, **_: object) -> None:
    _note(connection, table_statements.of_asyncpg(connection), sql, *given)


def _refusals(kind: type) -> Undo:
    """Notice each refusal: a PostgreSQL error is created with the text that it refused."""
    theirs = objects.class_dict(kind).get("new")
    if not isinstance(theirs, classmethod):
        return lambda: None
    make: Callable[..., Any] = theirs.__func__
    active = True

    def new(cls: type, fields: object, query: object = None) -> Any:
        if active:
            try:
                _refused(query)
            except Exception:  # our code must never break the user's client
                faults.note()
        try:
            return make(cls, fields, query)
        except BaseException as error:
            step_aside(error)
            raise

    ours: object = classmethod(new)
    setattr(kind, "new", ours)  # noqa: B010 — mypy knows no `new` of a `type`

    def undo() -> None:
        nonlocal active
        active = False
        if objects.class_dict(kind).get("new") is ours:
            setattr(kind, "new", theirs)  # noqa: B010

    return undo


HOOKS: tuple[tuple[str, str, Notes], ...] = (
    (
        "aiosqlite.core",
        "Connection",
        {
            **dict.fromkeys(
                ("execute", "executemany", "execute_insert", "execute_fetchall"), _sqlite_runs
            ),
            "executescript": _sqlite_script,
            "commit": _commits,
            "rollback": _rolls_back,
            "close": _rolls_back,
            "_connect": _opens,
        },
    ),
    (
        "aiosqlite.cursor",
        "Cursor",
        dict.fromkeys(("execute", "executemany", "executescript"), _cursor_runs),
    ),
    (
        "asyncpg.connection",
        "Connection",
        {
            **dict.fromkeys(
                ("execute", "executemany", "fetch", "fetchval", "fetchrow"), _postgres_runs
            ),
            "close": _rolls_back,
            "terminate": _rolls_back,
        },
    ),
)


def _hook() -> Undo:
    undos = [*hooked_where_loaded(HOOKS)]
    refused = objects.loaded_class("asyncpg.exceptions._base", "PostgresError")
    if refused is not None:
        undos.append(_refusals(refused))
    return together(*undos)


install = Counted(_hook).install
