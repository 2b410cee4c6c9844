"""What `asyncio.wait` left pending: its time was over, or one task was enough.

It cancels none of those tasks, and nothing later shows which they were. A `wait` that leaves none
pays for one look at its result.
"""

from __future__ import annotations

import sys
from asyncio import tasks
from collections import deque
from itertools import islice
from types import CodeType, CoroutineType
from typing import Any

from loopcheck.process import futures
from loopcheck.process.frames import is_users
from loopcheck.watch import faults
from loopcheck.watch.hooks import Counted, Undo, placed, step_aside
from loopcheck.watch.loops import LEDGER

KEPT = 50
EACH = 20  # tasks of one wait
OWN = 2  # frames between the note and the coroutine `asyncio.wait`: ours


class Left:
    """The end of a wait: code objects and numbers, never a task."""

    __slots__ = ("code", "codes", "line", "moment")

    def __init__(self, code: CodeType, line: int, codes: tuple[CodeType, ...]) -> None:
        self.code, self.line = code, line  # what awaited it
        self.codes = codes  # of the coroutines that were pending
        self.moment = LEDGER.moment


kept: deque[Left] = deque(maxlen=KEPT)


def in_this_test() -> list[Left]:
    """Return what waits have left since the running test began."""
    return [one for one in kept if one.moment == LEDGER.moment]


def _note(pending: Any) -> None:
    frame = sys._getframe(OWN).f_back
    if type(pending) is not set or frame is None or not is_users(frame):
        return
    found = (futures.coroutine(one) for one in islice(pending, EACH) if futures.is_task(one))
    codes = tuple([one.cr_code for one in found if type(one) is CoroutineType])
    kept.append(Left(frame.f_code, frame.f_lineno, codes))


def _hook() -> Undo:
    theirs: Any = tasks._wait  # type: ignore[attr-defined]
    active = True

    async def _wait(*args: Any, **kwargs: Any) -> Any:
        try:
            result = await theirs(*args, **kwargs)
        except BaseException as error:
            step_aside(error)
            raise
        if active and (result[1] or kept):  # the last one at a line counts
            try:
                _note(result[1])
            except Exception:  # our code must never break the user's wait
                faults.note()
        return result

    restore = placed(tasks, "_wait", _wait)

    def undo() -> None:
        nonlocal active
        active = False
        restore()
        kept.clear()

    return undo


install = Counted(_hook).install
