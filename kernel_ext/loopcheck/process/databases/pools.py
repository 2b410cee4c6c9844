"""Pools of connections: how many are in use, how many are free, and which loop they belong to.

We read only the pool's own attributes. We never call `size()`, `status()` and the like.
"""

from __future__ import annotations

import asyncio
import sys
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from types import ModuleType
from typing import cast

from loopcheck.labels import Labels
from loopcheck.light import dataclass
from loopcheck.process import heap, objects, reach
from loopcheck.process.databases import connection_holders
from loopcheck.records import LoopRecord, PoolRecord, Subject

InWords = Callable[[asyncio.AbstractEventLoop], LoopRecord]
peek = objects.peek

NO_LIMIT = 2**31  # valkey's and redis's value for no limit
CHECKED_OUT = 10_000  # finalizers to search for SQLAlchemy's


@dataclass(frozen=True, kw_only=True, eq=False)
class Inside:
    """The contents of a pool. Lives only while a probe runs."""

    in_use: int | None = None
    free: int | None = None
    most: int | None = None
    closed: bool | None = None
    loops: tuple[object | None, ...] = ()  # where its loop may be, most certain first
    taken: tuple[object, ...] = ()  # what is in use


def read_pools(
    roots: Iterable[tuple[str, object]],
    labels: Labels,
    in_words: InWords,
    *,
    deep: bool = False,
) -> tuple[PoolRecord, ...]:
    """Return the pools that the names of *roots* lead to; *deep* also those without a name.

    Nothing is imported: if a library is not loaded, none of its pools can exist.
    """
    readers = dict(_loaded())
    if not readers:
        return ()
    found = [(one.subject(), one.thing) for one in reach.reach(roots, readers)]
    if deep:
        found += _nameless(readers, {id(thing) for _, thing in found})
    found.sort(key=lambda one: (one[0].name, one[0].path or ""))
    return tuple(_read(subject, pool, readers, labels, in_words) for subject, pool in found)


def _loaded() -> Iterator[tuple[type, Callable[[object], Inside]]]:
    for name, kind, read in READERS:
        module = sys.modules.get(name)
        found = module.__dict__.get(kind) if type(module) is ModuleType else None
        if objects.is_a(found, type):
            yield found, read


def _nameless(kinds: Iterable[type], named: set[int]) -> list[tuple[Subject, object]]:
    """Return the pools of the whole heap that no name leads to."""
    found: list[tuple[Subject, object]] = []
    for thing in heap.instances(kinds):
        if id(thing) not in named:
            name = objects.type_name(thing)
            found.append((Subject(name=name.rpartition(".")[2], type=name), thing))
    return found


def _read(
    subject: Subject,
    pool: object,
    readers: dict[type, Callable[[object], Inside]],
    labels: Labels,
    in_words: InWords,
) -> PoolRecord:
    kind = next(base for base in objects.mro(type(pool)) if any(base is k for k in readers))
    inside = readers[kind](pool)
    loops = (_loop(thing) for thing in inside.loops)
    loop = next((loop for loop in loops if loop is not None), None)
    return PoolRecord(
        subject=subject,
        loop=in_words(loop) if loop is not None else None,
        in_use=inside.in_use,
        free=inside.free,
        most=inside.most,
        closed=inside.closed,
        holders=connection_holders.of(inside.taken, pool, loop, labels) if loop is not None else (),
    )


def _loop(thing: object | None) -> asyncio.AbstractEventLoop | None:
    if objects.is_loop(thing):
        return thing
    return objects.bound_loop(thing) if thing is not None else None


# How each kind of pool keeps its connections


def _of_valkey(pool: object) -> Inside:
    taken, free = peek(pool, "_in_use_connections"), peek(pool, "_available_connections")
    most = _number(peek(pool, "max_connections"))
    streams = [(peek(one, "_reader"), peek(one, "_writer")) for one in parts(taken) + parts(free)]
    open_and_free = streams[len(parts(taken)) :]  # a closed one stays in the list, for later reuse
    return Inside(
        in_use=len(parts(taken)) if taken is not None else None,
        free=sum(ends != (None, None) for ends in open_and_free) if free is not None else None,
        most=most if most is not None and most < NO_LIMIT else None,
        loops=(*chain.from_iterable(streams), peek(pool, "_condition"), peek(pool, "_lock")),
        taken=parts(taken),
    )


def _of_asyncpg(pool: object) -> Inside:
    kept = peek(pool, "_holders")
    connected = [one for one in parts(kept) if _connected(peek(one, "_con"))]
    taken = [one for one in connected if peek(one, "_in_use") is not None]
    return Inside(
        in_use=len(taken) if kept is not None else None,
        free=len(connected) - len(taken) if kept is not None else None,
        most=_number(peek(pool, "_maxsize")),
        closed=_truth(peek(pool, "_closed")),
        loops=(peek(pool, "_loop"),),
        taken=(*(peek(one, "_con") for one in taken), *(peek(one, "_proxy") for one in taken)),
    )


def _connected(connection: object) -> bool:
    gone = peek(connection, "_aborted") is True
    return connection is not None and not gone and not _closing(peek(connection, "_transport"))


def _closing(transport: object) -> bool:
    return peek(transport, "_closing") is True or peek(transport, "_closed") is True


def _of_aiohttp(connector: object) -> Inside:
    taken, kept = peek(connector, "_acquired"), peek(connector, "_conns")
    hosts = _values(kept)
    return Inside(
        in_use=len(parts(taken)) if taken is not None else None,
        free=sum(len(parts(one)) for one in hosts) if kept is not None else None,
        most=_number(peek(connector, "_limit")) or None,  # 0: no limit
        closed=_truth(peek(connector, "_closed")),
        loops=(peek(connector, "_loop"),),
        taken=parts(taken),
    )


def _of_queue_pool(pool: object) -> Inside:
    """SQLAlchemy's counting: connections beyond `pool_size` are closed when they come back."""
    queue = peek(pool, "_pool")
    size, over = _number(peek(queue, "maxsize")), _number(peek(pool, "_overflow"))
    most_over = _number(peek(pool, "_max_overflow"))
    free = _queued(queue)
    taken = checked_out(pool)
    return Inside(
        in_use=size - len(free) + over if size is not None and over is not None else None,
        free=len(free) if queue is not None else None,
        most=size + most_over if size and most_over is not None and most_over >= 0 else None,
        loops=tuple(map(_driver, taken + free)),
        taken=_fairies(taken),
    )


def _queued(queue: object) -> tuple[object, ...]:
    # for threads a deque `queue`; for asyncio `_queue`, an asyncio queue, once a caller has waited
    inner = peek(queue, "_queue")
    return parts(peek(queue, "queue")) or parts(peek(inner, "_queue"))


def _of_other_sqlalchemy(pool: object) -> Inside:
    """NullPool keeps no connection, StaticPool keeps one for all callers."""
    taken, kept = checked_out(pool), peek(pool, "connection")
    return Inside(
        in_use=len(taken),
        free=int(not taken) if kept is not None else None,
        most=1 if kept is not None else None,
        loops=tuple(map(_driver, (*taken, kept))),
        taken=_fairies(taken),
    )


def checked_out(pool: object) -> tuple[object, ...]:
    """Return the checked-out records of *pool*: the pool itself does not keep them."""
    base = sys.modules.get("sqlalchemy.pool.base")
    kept = base.__dict__.get("_strong_ref_connection_records") if base else None  # 2.0
    registry = objects.class_dict(weakref.finalize).get("_registry")  # 2.1
    things = _values(kept)
    for info in _values(registry)[:CHECKED_OUT]:
        things += [*parts(peek(info, "args")), *_values(peek(info, "kwargs"))]
    records = {id(one): one for one in things if peek(one, "_ConnectionRecord__pool") is pool}
    return tuple(one for one in records.values() if type(peek(one, "fairy_ref")) is weakref.ref)


def collected(pool: object) -> tuple[object, ...]:
    """Return the records of *pool* that lost their connection: the collector took the session.

    An import may start a collection while a task waits for the connection, and the wait goes on.
    """
    free = _queued(peek(pool, "_pool"))
    mine = [one for one in free if peek(one, "_ConnectionRecord__pool") is pool]
    return tuple(one for one in mine if peek(one, "dbapi_connection") is None)


def _fairies(records: tuple[object, ...]) -> tuple[object, ...]:
    refs = [peek(record, "fairy_ref") for record in records]
    return tuple(ref() for ref in refs if type(ref) is weakref.ref)


def _driver(record: object) -> object | None:
    """Return the driver's connection inside SQLAlchemy's adapter."""
    adapter = peek(record, "dbapi_connection")
    inner = peek(adapter, "_connection")
    return inner if inner is not None else peek(adapter, "driver_connection")


READERS: tuple[tuple[str, str, Callable[[object], Inside]], ...] = (
    ("valkey.asyncio.connection", "ConnectionPool", _of_valkey),
    ("redis.asyncio.connection", "ConnectionPool", _of_valkey),
    ("asyncpg.pool", "Pool", _of_asyncpg),
    ("aiohttp.connector", "BaseConnector", _of_aiohttp),
    ("sqlalchemy.pool.impl", "QueuePool", _of_queue_pool),
    ("sqlalchemy.pool.base", "Pool", _of_other_sqlalchemy),
)


# Plain values, whatever the attribute holds


def parts(kept: object) -> tuple[object, ...]:
    """Return the elements of a list, a set and the like."""
    for kind in (list, tuple, set, frozenset, deque):
        if objects.is_a(kept, kind):
            return tuple(kind.__iter__(kept))  # type: ignore[arg-type]
    if type(kept) is weakref.WeakSet:
        refs = peek(kept, "data")
        return tuple(ref() for ref in list(refs)) if type(refs) is set else ()
    return ()


def _values(kept: object) -> list[object]:
    if not objects.is_a(kept, dict):
        return []
    return list(dict.values(cast("dict[object, object]", kept)))


def _number(kept: object) -> int | None:
    return kept if type(kept) is int else None


def _truth(kept: object) -> bool | None:
    return kept if type(kept) is bool else None
