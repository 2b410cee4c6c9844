"""A pool or a connection that a failing line used after its end: by its state, not by words."""

from __future__ import annotations

from typing import Any, Literal

from loopcheck.process import failure, objects
from loopcheck.process.frames import first_argument

peek = objects.peek
How = Literal["closed", "released", "not opened", "ended"]
Found = tuple[object, Literal["pool", "connection"], How]
ENDED = ("57P01", "57P02", "57P03", "08003", "08006", "08000")  # PostgreSQL's own error codes


def of(link: failure.Link) -> Found | None:
    """Return the object that the frames of *link* worked on, if it had ended before."""
    kind = objects.type_name(link.error)
    if kind == "asyncpg.exceptions._base.InterfaceError":
        return _of_asyncpg(link)
    if kind == "asyncpg.exceptions._base.InternalClientError":  # the server closed it in this call
        return _of_server(link)
    if kind.startswith("asyncpg.exceptions.") and peek_class(link.error, "sqlstate") in ENDED:
        return _of_server(link)
    if kind == "psycopg_pool.PoolClosed":
        return _of_psycopg_pool(link)
    if kind == "ValueError" and _raised_in(link, "aiosqlite."):
        return _of_aiosqlite(link)
    if kind == "sqlalchemy.exc.ResourceClosedError":
        return _of_sqlalchemy(link)
    return None


def peek_class(error: BaseException, name: str) -> object | None:
    """Return a plain text that *error*, or its class, has under *name*."""
    own = peek(error, name)
    if type(own) is str:
        return own
    for kind in objects.mro(type(error)):
        found = objects.class_dict(kind).get(name)
        if type(found) is str:
            return found
    return None


def _raised_in(link: failure.Link, module: str) -> bool:
    last = link.trace[-1] if link.trace else None
    return last is not None and last.module.startswith(module)


def selves(link: failure.Link) -> list[Any]:
    """Return the objects that the library's frames work on, innermost first."""
    found = []
    for step in reversed(link.trace):
        if step.owner == "library":
            own = first_argument(step.frame)
            if own is not None and not objects.is_a(own, type):
                found.append(own)
    return found


def _of_asyncpg(link: failure.Link) -> Found | None:
    for own in selves(link):
        kind = objects.type_name(own)
        if is_a(own, "asyncpg.pool", "Pool"):
            if peek(own, "_closed") is True or peek(own, "_closing") is True:
                return own, "pool", "closed"
            if peek(own, "_initialized") is False and peek(own, "_initializing") is not True:
                return own, "pool", "not opened"
            return None
        if kind == "asyncpg.pool.PoolConnectionProxy":
            return (own, "connection", "released") if peek(own, "_con") is None else None
        if is_a(own, "asyncpg.connection", "Connection"):
            return (own, "connection", "ended") if _gone(own) else None
    return None


def _of_psycopg_pool(link: failure.Link) -> Found | None:
    for own in selves(link):
        if peek(own, "_closed") is True and type(opened := peek(own, "_opened")) is bool:
            return own, "pool", "closed" if opened else "not opened"
    return None


def _gone(connection: object) -> bool:
    transport = peek(connection, "_transport")
    closing = peek(transport, "_closing") is True or peek(transport, "_closed") is True
    return peek(connection, "_aborted") is True or transport is None or closing


def is_a(thing: object, module: str, name: str) -> bool:
    """Return whether *thing* is of class *name* of *module*, or of a subclass."""
    return any(
        objects.module_of(kind) == module and kind.__name__ == name
        for kind in objects.mro(type(thing))
    )


def _of_server(link: failure.Link) -> Found | None:
    for own in selves(link):
        if is_a(own, "asyncpg.connection", "Connection") and _gone(own):
            return own, "connection", "ended"
    return None


def _of_aiosqlite(link: failure.Link) -> Found | None:
    for own in selves(link):
        connection = own if is_a(own, "aiosqlite.core", "Connection") else peek(own, "_conn")
        if is_a(connection, "aiosqlite.core", "Connection"):
            if peek(connection, "_connection") is not None and peek(connection, "_running"):
                return None
            opened = peek(connection, "_running") is False or not _unstarted(connection)
            return connection, "connection", "closed" if opened else "not opened"
    return None


def _unstarted(connection: object) -> bool:
    """Return whether the connection was never awaited: its thread never started."""
    thread = peek(connection, "_thread")
    started = peek(peek(thread, "_started"), "_flag")
    return started is False


def _of_sqlalchemy(link: failure.Link) -> Found | None:
    for own in selves(link):
        if is_a(own, "sqlalchemy.engine.base", "Connection"):
            closed = peek(own, "_dbapi_connection") is None
            return (own, "connection", "closed") if closed else None
    return None
