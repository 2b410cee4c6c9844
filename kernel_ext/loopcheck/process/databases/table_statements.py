"""Statements that create or drop tables, and their database: no query is sent to find out."""

from __future__ import annotations

import itertools
import os
import re
import weakref
from functools import lru_cache
from types import FunctionType
from typing import Any

from loopcheck.labels import plain
from loopcheck.light import dataclass
from loopcheck.process import objects

peek = objects.peek
PATHS = ("pathlib", "pathlib._local")  # 3.13
MEMORY = ("", ":memory:")
NAME = r'(?:"[^"]+"|`[^`]+`|\[[^\]]+\]|[\w$]+)'
SAID = re.compile(
    rf"(?:^|;)(?:\s|--[^\n]*\n|/\*.*?\*/)*(?P<verb>create|drop)\s+(?:or\s+replace\s+)?"
    rf"(?P<temporary>(?:(?:global|local)\s+)?temp(?:orary)?\s+)?(?:unlogged\s+|unique\s+|virtual\s+)?"
    rf"(?P<kind>table|type|index|view|sequence|schema)\s+(?:concurrently\s+)?"
    rf"(?P<checks>if\s+(?:not\s+)?exists\s+)?(?P<name>{NAME}(?:\s*\.\s*{NAME})?)",
    re.IGNORECASE | re.DOTALL,
)
LONGEST = 100_000


@dataclass(frozen=True)
class Said:
    """A table that one statement creates or drops."""

    verb: str
    kind: str
    names: tuple[str, ...]  # schema and name, or the name alone
    checks: bool
    temporary: bool = False


def read(sql: str) -> tuple[Said, ...]:
    """Return what *sql* creates and drops, without temporary tables: no schema needs them."""
    return tuple(one for one in read_all(sql) if not one.temporary)


def read_all(sql: str) -> tuple[Said, ...]:
    """Return what *sql* creates and drops, temporary tables among them."""
    head = sql.lstrip()[:6].lower()
    if head[:4] not in ("crea", "drop") and ";" not in sql and head[:1] not in ("-", "/"):
        return ()
    return tuple(
        Said(
            verb=found["verb"].lower(),
            kind=found["kind"].lower(),
            names=parts(found["name"]),
            checks=bool(found["checks"]),
            temporary=bool(found["temporary"]),
        )
        for found in SAID.finditer(sql[:LONGEST])
    )


def parts(name: str) -> tuple[str, ...]:
    """Return the parts of a name as a database reads it: quoted parts as they are, else folded."""
    return tuple(
        one[1:-1] if one[0] in '"`[' else one.lower()
        for one in (part.strip() for part in re.findall(NAME, name))
    )


# Which database


Where = tuple[str, str]  # a key that is unique for each database, and a description of it
NOWHERE: Where = ("", "")


def of_asyncpg(connection: object) -> Where:
    """Return the database of an asyncpg connection."""
    parameters, address = peek(connection, "_params"), peek(connection, "_addr")
    database = getattr(parameters, "database", None) if type(parameters) is not None else None
    if not isinstance(database, str):
        return NOWHERE
    return _postgres(address, database)


def _postgres(address: object, database: str) -> Where:
    host = address[0] if isinstance(address, tuple) and address else address
    port = address[1] if isinstance(address, tuple) and len(address) > 1 else None
    key = f"postgresql {host}:{port}/{database}"
    return key, f"the PostgreSQL database `{database}`"


def of_aiosqlite(connection: object) -> Where:
    """Return the database of a connection: the argument of its `connect`, kept in a closure."""
    connector = peek(connection, "_connector")
    held = objects.closed_over(connector) if type(connector) is FunctionType else {}
    kept: Any = held.get("database")
    known = type(kept) in (str, bytes) or objects.module_of(type(kept)) in PATHS
    return sqlite(os.fsdecode(kept), connection) if known else NOWHERE


def sqlite(path: str, connection: object) -> Where:
    """Return the database at *path*; in memory each *connection* has one of its own."""
    if path in MEMORY or (path.startswith("file:") and "mode=memory" in path):
        shared = "cache=shared" in path
        key = path if shared else f"sqlite memory {_number(connection)}"
        return key, "an in-memory SQLite database"
    if path.startswith("file:"):
        return f"sqlite {path}", plain(f"the SQLite database `{path}`")
    return _sqlite_file(os.path.abspath(path))


def is_file(key: str) -> bool:
    """Return whether *key* is that of an SQLite file."""
    return key.startswith("sqlite ") and not key.startswith("sqlite memory ")


@lru_cache(maxsize=100)  # each statement asks, and a name's secrets are masked by ten patterns
def _sqlite_file(full: str) -> Where:
    return f"sqlite {full}", plain(f"the SQLite file `{os.path.basename(full)}`")


_numbers: dict[int, tuple[weakref.ref[object], int]] = {}
_next_number = itertools.count(1)


def _number(connection: object) -> str:
    """Return a number that no other *connection* gets: Python may reuse the id of a dead one."""
    key = id(connection)
    known = _numbers.get(key)
    if known is None or known[0]() is not connection:
        try:
            kept = weakref.ref(connection, lambda _: _numbers.pop(key, None))
        except TypeError:  # sqlite3's own connection
            return f"at {key}"
        known = _numbers[key] = kept, next(_next_number)
    return str(known[1])


def of_sqlalchemy(bind: object) -> Where:
    """Return the database of a SQLAlchemy engine or connection, also of the async ones."""
    bind = peek(bind, "sync_connection") or peek(bind, "sync_engine") or bind
    engine = peek(bind, "engine") or bind
    inner = driver(bind)
    url = url_of(engine)
    if url is None:
        return NOWHERE
    if objects.module_of(type(inner)).startswith("aiosqlite"):
        return of_aiosqlite(inner)
    if url[0].startswith("sqlite"):
        return sqlite(url[2] or "", inner if inner is not None else engine)
    if objects.module_of(type(inner)).startswith("asyncpg"):
        return of_asyncpg(inner)
    return f"{url[0].partition('+')[0]} {url[1]}/{url[2]}", f"the database `{url[2]}`"


def url_of(engine: object) -> tuple[str, str, str | None] | None:
    """Return scheme, address and database of *engine*; never user or password."""
    engine = peek(engine, "sync_engine") or engine
    url = peek(engine, "url")
    if not isinstance(url, tuple) or objects.module_of(type(url)) != "sqlalchemy.engine.url":
        return None
    scheme, host, port, database = (tuple.__getitem__(url, i) for i in (0, 3, 4, 5))
    return str(scheme), f"{host}:{port}", database if isinstance(database, str) else None


def driver(connection: object) -> Any:
    """Return the driver's own connection inside a SQLAlchemy connection."""
    return driver_of(peek(connection, "_dbapi_connection"))


def driver_of(fairy: object) -> Any:
    """Return the driver's connection that SQLAlchemy's *fairy* lends."""
    adapter = peek(fairy, "dbapi_connection")
    if adapter is None and peek(fairy, "_connection") is not None:
        adapter = fairy
    inner = peek(adapter, "_connection")
    return inner if inner is not None else adapter
