"""A pool, server or SQLite file that has nothing left to lend, from the failing frames."""

from __future__ import annotations

import sqlite3
from typing import Any

from loopcheck.light import dataclass
from loopcheck.process import failure, objects
from loopcheck.process.databases import pools, stale_connections

peek = objects.peek
STORES = ("valkey.", "redis.")
ENDED = ("TimeoutError", "asyncio.exceptions.CancelledError", "_pytest.outcomes.Failed")
LENDS = frozenset({"make_connection", "get_available_connection", "get_connection"})
TOO_MANY = "53300"  # PostgreSQL's own error code


@dataclass(frozen=True, eq=False)
class Out:
    """The exhausted pool, server or file. Lives only while a look runs."""

    pool: Any = None  # None: the server, or the file of `refused`
    said: bool = True
    taken: tuple[Any, ...] = ()  # connections in use, where the pool keeps them
    refused: Any = None  # the connection whose file another connection has locked


def of(link: failure.Link) -> Out | None:
    """Return the pool that had no connection for the failing line of *link*."""
    kind = objects.type_name(link.error)
    own = stale_connections.selves(link)
    if kind == "sqlalchemy.exc.TimeoutError":
        found = [
            one for one in own if stale_connections.is_a(one, "sqlalchemy.pool.impl", "QueuePool")
        ]
        return Out(found[0]) if found else None
    if stale_connections.peek_class(link.error, "sqlstate") == TOO_MANY and kind.startswith(
        "asyncpg."
    ):
        return Out()
    if kind.startswith(STORES):
        return _of_store(link)
    if _met_a_lock(link.error):
        refused = [
            one for one in own if stale_connections.is_a(one, "aiosqlite.core", "Connection")
        ]
        return Out(refused=refused[0]) if refused else None
    if kind in ENDED:
        pool = _waited_for(link)
        return Out(pool, said=False) if pool is not None else None
    return None


def _met_a_lock(error: BaseException) -> bool:
    """Return whether SQLite says that another connection has the lock it needs.

    An extended code has other reasons: a snapshot that is too old, or a recovery.
    """
    code = getattr(error, "sqlite_errorcode", None) if isinstance(error, sqlite3.Error) else None
    return code == sqlite3.SQLITE_BUSY


def _waited_for(link: failure.Link) -> Any:
    """Return the asyncpg pool that the innermost frames were waiting for."""
    for step in reversed(link.trace):
        if step.module == "asyncpg.pool" and step.frame.f_code.co_name.startswith("_acquire"):
            pool = step.frame.f_locals.get("self")
            return pool if stale_connections.is_a(pool, "asyncpg.pool", "Pool") else None
        if not step.module.startswith("asyncio."):
            return None
    return None


def _of_store(link: failure.Link) -> Out | None:
    """Return the pool that itself refused: an unreachable server fails in a deeper frame."""
    last = link.trace[-1] if link.trace else None
    name = last.frame.f_code.co_name if last is not None else ""
    if last is None or not last.module.startswith(STORES) or name not in LENDS:
        return None
    pool = last.frame.f_locals.get("self")
    waits = "Blocking" in type(pool).__name__
    if type(peek(pool, "max_connections")) is not int or waits != (name == "get_connection"):
        return None
    used, free = peek(pool, "_in_use_connections"), peek(pool, "_available_connections")
    return Out(pool, taken=pools.parts(used) or pools.parts(free))


def most(pool: object) -> int | None:
    """Return the maximum number of connections of *pool*."""
    for name in ("_maxsize", "max_connections"):
        found = peek(pool, name)
        if type(found) is int:
            return found
    size, over = peek(peek(pool, "_pool"), "maxsize"), peek(pool, "_max_overflow")
    return size + over if type(size) is int and type(over) is int and over >= 0 else None
