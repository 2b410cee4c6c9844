"""Django's connections: the thread of each, its transaction, and the rows that it finds."""

from __future__ import annotations

import sqlite3
import threading
import uuid
from collections.abc import Sequence
from pathlib import Path, PurePath

from loopcheck.light import dataclass
from loopcheck.process import heap, objects, thread_stacks
from loopcheck.process.failure import Step

WRAPPER = ("django.db.backends.base.base", "BaseDatabaseWrapper")
EXACT = ("django.db.models.lookups", "Exact")
LOCKS = (5, 6)  # SQLITE_BUSY, SQLITE_LOCKED, below the bits of an extended code


@dataclass(frozen=True, eq=False)
class Connection:
    """A connection of Django's, and the thread that owns it."""

    alias: str
    thread: int
    in_transaction: bool
    name: str  # of the database
    raw: object  # the driver's own connection, None while it is closed


@dataclass(frozen=True, eq=False)
class RowQuery:
    """A query for the rows of one table whose columns have these values."""

    model: type
    table: str
    values: tuple[tuple[str, str | int], ...]  # (column, value)


def all_made() -> list[Connection]:
    """Return the connections that live in this process."""
    kind = objects.loaded_class(*WRAPPER)
    read = map(_read, heap.instances([kind])) if kind is not None else ()
    return [one for one in read if one is not None]


def used_in(trace: Sequence[Step]) -> Connection | None:
    """Return the connection that the innermost frame of Django's in *trace* works with."""
    kind = objects.loaded_class(*WRAPPER)
    for step in reversed(trace) if kind is not None else ():
        if not step.module.startswith("django.db."):
            continue
        me = thread_stacks.locals_of(step.frame).get("self")
        for one in (me, *(objects.peek(me, name) for name in ("connection", "db", "wrapper"))):
            if kind is not None and objects.is_a(one, kind) and (found := _read(one)) is not None:
                return found
    return None


def _read(wrapper: object) -> Connection | None:
    alias, thread = objects.peek(wrapper, "alias"), objects.peek(wrapper, "_thread_ident")
    if type(alias) is not str or type(thread) is not int:
        return None
    settings = objects.peek(wrapper, "settings_dict")
    name = dict.get(settings, "NAME") if type(settings) is dict else None
    return Connection(
        alias=alias,
        thread=thread,
        in_transaction=objects.peek(wrapper, "in_atomic_block") is True,
        name=str(name) if isinstance(name, str | PurePath) else "",
        raw=objects.peek(wrapper, "connection"),
    )


# Which rows a query wants


def row_query(rows: object) -> RowQuery | None:
    """Return what the queryset *rows* asks for, None unless it only compares columns."""
    query, model = objects.peek(rows, "_query"), objects.peek(rows, "model")
    where, tables = objects.peek(query, "where"), objects.peek(query, "alias_map")
    children = objects.peek(where, "children")
    if not objects.is_a(model, type) or type(tables) is not dict or type(children) is not list:
        return None
    if len(tables) != 1 or objects.peek(where, "negated") or objects.peek(query, "combinator"):
        return None
    if objects.peek(query, "low_mark") or objects.peek(where, "connector") != "AND":
        return None
    [table] = tables
    values = [_compared(one, table) for one in children]
    if type(table) is not str or not values or None in values:
        return None
    return RowQuery(model, table, tuple(one for one in values if one is not None))


def _compared(lookup: object, table: object) -> tuple[str, str | int] | None:
    """Return the column and the value that *lookup* compares, if it is a plain `=`."""
    exact, column = objects.loaded_class(*EXACT), objects.peek(lookup, "lhs")
    if exact is None or not objects.is_a(lookup, exact):
        return None
    if not objects.module_of(type(lookup)).startswith("django.db."):
        return None
    name = objects.peek(objects.peek(column, "target"), "column")
    value = objects.peek(lookup, "rhs")
    if type(name) is not str or objects.peek(column, "alias") != table:
        return None
    if type(value) is uuid.UUID:  # as Django keeps it where the database has no type for it
        return name, value.hex
    plain = isinstance(value, str | int) and type(value) in (str, int, bool)
    return (name, value) if plain else None


def looks_saved(row: object, query: RowQuery, connection: Connection) -> bool:
    """Return whether *row* is a model's object with these values, saved on *connection*."""
    state = objects.peek(row, "_state")
    if type(row) is not query.model or objects.peek(state, "adding") is not False:
        return False
    wanted = [(objects.peek(row, column), value) for column, value in query.values]
    same = all(type(own) is type(value) and own == value for own, value in wanted)
    return same and objects.peek(state, "db") == connection.alias and not _deleted(row)


def _deleted(row: object) -> bool:
    """Return whether `delete()` has taken the row of *row*: it also takes the key."""
    meta = objects.class_attribute(type(row), "_meta")
    key = objects.peek(objects.peek(meta, "pk"), "attname")
    return type(key) is not str or objects.peek(row, key) is None


# What SQLite says itself. The driver is in C, so no code of Django's or the user's runs.


def finds_a_row(connection: Connection, query: RowQuery) -> bool | None:
    """Return whether *query* finds a row on *connection*, None if only SQLite could tell.

    It reads inside the transaction that is open there, in the thread that has it.
    """
    raw = connection.raw
    if type(raw) is not sqlite3.Connection or connection.thread != threading.get_ident():
        return None
    terms = " AND ".join(f"{_quoted(column)} = ?" for column, _ in query.values)
    asked = f"SELECT 1 FROM {_quoted(query.table)} WHERE {terms} LIMIT 1"
    cursor = sqlite3.Cursor(raw)
    try:
        return cursor.execute(asked, [value for _, value in query.values]).fetchone() is not None
    except sqlite3.Error:
        return None
    finally:
        cursor.close()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def is_locked(connection: Connection) -> bool:
    """Return whether a transaction has the write lock of the database of *connection* now.

    A connection of our own asks for that lock, without waiting, and gives it back at once.
    """
    if type(connection.raw) is not sqlite3.Connection or not connection.name:
        return False
    address = connection.name
    if not address.startswith("file:"):
        address = f"{Path(address).absolute().as_uri()}?mode=rw"
    try:
        own = sqlite3.connect(address, timeout=0, isolation_level=None, uri=True)
    except sqlite3.Error:
        return False
    try:
        own.execute("BEGIN IMMEDIATE")
        own.execute("ROLLBACK")
    except sqlite3.Error as error:
        return met_a_lock(error)
    finally:
        own.close()
    return False


def met_a_lock(error: BaseException | None) -> bool:
    """Return whether SQLite's own code for *error* says that another connection has the lock."""
    code = getattr(error, "sqlite_errorcode", None) if isinstance(error, sqlite3.Error) else None
    return type(code) is int and code & 0xFF in LOCKS
