"""Which task holds a connection: the waiting task whose coroutines refer to it."""

from __future__ import annotations

import asyncio
import gc
from collections import deque
from collections.abc import Iterator, Sequence
from types import CoroutineType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.process import futures, objects, reach
from loopcheck.process.frames import line_at
from loopcheck.records import Place
from loopcheck.source import project_files

TASKS = 200  # most tasks to search for one pool
DEEPEST = 50  # awaits followed in one task
NODES = 3_000  # objects visited for one pool, in all tasks together
STEPS = 8  # from a coroutine's own names: a SQLAlchemy session reaches its connection in 6

# The objects on the way from a name to a connection, and little else: an engine's dialect alone
# would use up the budget.
FOLLOWED = (
    *("valkey.asyncio.client", "redis.asyncio.client", "asyncpg.pool", "aiohttp.client"),
    *("sqlalchemy.ext.asyncio", "sqlalchemy.orm.session", "sqlalchemy.engine.base"),
    "sqlalchemy.pool.base",
)
CONTAINERS = (dict, list, tuple, set, deque)


def of(
    taken: Sequence[object], pool: object, loop: asyncio.AbstractEventLoop, labels: Labels
) -> tuple[str, ...]:
    """Return the waiting tasks of *loop* that hold one of *taken*: "worker at shop/db.py:12".

    The garbage collector lists a coroutine's values. `cr_frame.f_locals` would leave a second
    reference to each of them in the frame (3.11, 3.12), and so keep alive what the user dropped.
    """
    wanted = {id(thing) for thing in taken if thing is not None}
    if not wanted:
        return ()
    search = _Search(wanted, pool)
    found: list[str] = []
    for task in list(asyncio.all_tasks(loop))[:TASKS]:
        if (place := search.holder(task, labels)) is not None:
            found.append(f"{place.name} at {place}")
    return tuple(sorted(found))


class _Search:
    def __init__(self, wanted: set[int], pool: object) -> None:
        self.wanted = wanted
        self.pool = pool  # the search stops there: behind a pool are all connections
        self.left = NODES

    def holder(self, task: asyncio.Task[Any], labels: Labels) -> Place | None:
        """Return the innermost line of user code above the frame that holds the connection."""
        user: Place | None = None
        for coroutine in _chain(task):
            code = coroutine.cr_code
            if project_files.owner(code.co_filename) == "user":
                frame = coroutine.cr_frame  # we read its line only, and only in user code
                line = line_at(frame) if frame is not None else code.co_firstlineno
                user = Place(labels.file(code.co_filename), line, code.co_name)
            if user is not None and self._leads(coroutine):
                return user
        return None

    def _leads(self, coroutine: object) -> bool:
        todo = deque((value, 0) for value in gc.get_referents(coroutine))
        seen: set[int] = set()
        while todo and self.left:
            thing, steps = todo.popleft()
            if id(thing) in seen or thing is self.pool or type(thing) is CoroutineType:
                continue
            seen.add(id(thing))
            self.left -= 1
            if id(thing) in self.wanted:
                return True
            if steps < STEPS and _followed(thing):
                todo.extend((value, steps + 1) for _, value in reach.parts(thing))
        return False


def _followed(thing: object) -> bool:
    kind = type(thing)
    if reach.of_kind(thing, CONTAINERS) or objects.module_of(kind).startswith(FOLLOWED):
        return True
    return objects.users_class(kind) is not None


def _chain(task: asyncio.Task[Any]) -> Iterator[CoroutineType[Any, Any, Any]]:
    if not futures.is_task(task):
        return  # a library's own kind of task: we can't trust its `get_coro`
    step: object = futures.coroutine(task)
    for _ in range(DEEPEST):
        if type(step) is not CoroutineType:
            return
        yield step
        step = step.cr_await
