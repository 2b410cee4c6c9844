"""Work that the end of a loop cut off inside a test: what its lines would still have changed.

`asyncio.run` and the portal of a test client close their loop while the test goes on. What they
cancel has no frame when the test fails, so we read it here. A loop pays for it only if tasks of
user code are pending there: half a millisecond each, and no further one after SPENT.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any

from loopcheck.clock import thread_time
from loopcheck.light import dataclass
from loopcheck.process import futures
from loopcheck.source import project_files
from loopcheck.watch import tasks as sites
from loopcheck.watch.loops import LEDGER

KEPT = 50
MOST = 5  # tasks of one loop
SPENT = 0.005  # seconds in one test, after which no other task is looked at


@dataclass(frozen=True, eq=False)
class CutOffTask:
    """A task that its loop cancelled as it closed: names, lines and ids, and no object."""

    moment: int  # number of tests begun
    coroutine: str
    started: bool  # a line of it ran
    waits_at: tuple[str, int, str] | None  # file, line, function
    made_at: tuple[str, int, str] | None
    changes: Any  # what it would have changed: an `effects.Sight` without the objects
    kinds: dict[int, type]  # of these objects, by id


left: deque[CutOffTask] = deque(maxlen=KEPT)
_spent = (0, 0.0)  # in which test, how long


def note(tasks: Iterable[Any]) -> None:
    """Record what the pending *tasks* of a closing loop were about to change."""
    global _spent
    moment, spent = _spent
    spent = spent if moment == LEDGER.moment else 0.0
    began = thread_time()
    for task in list(tasks)[:MOST]:
        if spent + thread_time() - began > SPENT:
            break
        found = _read(task)
        if found is not None:
            left.append(found)
    _spent = LEDGER.moment, spent + thread_time() - began


def of_this_test() -> list[CutOffTask]:
    """Return what was cut off since the running test began."""
    return [one for one in left if one.moment == LEDGER.moment]


def _read(task: Any) -> CutOffTask | None:
    from loopcheck.process.pending import premature_asserts  # late, like the next: few tests
    from loopcheck.process.waiting import await_chain

    coro = futures.coroutine(task)
    frames = await_chain.frames(coro)
    mine = [one for one in frames if project_files.owner(one.f_code.co_filename) == "user"]
    if not mine or mine[0] is not frames[0] or not premature_asserts.goes_on(task):
        return None
    changes = premature_asserts.changes(task)
    kinds = {id(one): type(one) for one in changes.held}
    changes.held.clear()  # the test's objects are not ours to keep
    new, last = await_chain.is_new(coro), mine[-1]
    made = sites.users_line(task)
    return CutOffTask(
        moment=LEDGER.moment,
        coroutine=premature_asserts.name(task),
        started=not new,
        waits_at=None
        if new
        else (last.f_code.co_filename, last.f_lineno or 0, last.f_code.co_name),
        made_at=made[1:] if made is not None else None,
        changes=changes,
        kinds=kinds,
    )
