"""Clean-ups of a cancelled scope of anyio that its cancellation ended, too.

A cancelled scope cancels each wait inside it, also one of an `except` or a `finally`. The errors
that leave the scope show both lines. Only a scope whose clean-up was cut off pays for a look.
"""

from __future__ import annotations

import asyncio
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from types import CodeType, FrameType, TracebackType
from typing import Any

from loopcheck.light import dataclass
from loopcheck.process import frames, objects
from loopcheck.watch.loops import LEDGER

KEPT = 50
DEEPEST = 5  # clean-ups of one scope: one may cut off the next


@dataclass(frozen=True, eq=False)
class CutOff:
    """A clean-up that was cancelled. It keeps no frame, and no object."""

    code: CodeType
    failed: int  # the line of what the scope cancelled first
    line: int  # the line of the clean-up that it cancelled then
    module: str
    owner: weakref.ref[Any] | None  # the first argument of its function: in a method `self`
    moment: int  # number of tests begun


kept: deque[CutOff] = deque(maxlen=KEPT)


def in_this_test() -> list[CutOff]:
    """Return the clean-ups that were cut off since the running test began."""
    return [one for one in kept if one.moment == LEDGER.moment]


def note(error: BaseException) -> None:
    """Record the clean-ups that *error* has ended, which leaves a cancelled scope.

    Up to 3.11, the traceback of an error that is thrown into a handler lacks all that the handler
    called.
    """
    for _ in range(DEEPEST):
        before = error.__context__
        if type(before) is not asyncio.CancelledError:
            return
        failed = {id(frame): line for frame, line in _lines(before)}
        for frame, line in reversed([*_lines(error)]):
            if failed.get(id(frame), line) != line and frames.is_users(frame):
                kept.append(_record(frame, failed[id(frame)], line))
                break
        error = before


def _lines(error: BaseException) -> Iterator[tuple[FrameType, int]]:
    trace: TracebackType | None = objects.trace_of(error)
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _record(frame: FrameType, failed: int, line: int) -> CutOff:
    owner: weakref.ref[Any] | None = None
    with suppress(TypeError):  # its class allows no weak reference
        owner = weakref.ref(frames.first_argument(frame))
    return CutOff(frame.f_code, failed, line, frames.module_of(frame), owner, LEDGER.moment)
