"""Errors that `assertRaises` does not expect keep their frames until their failure is explained.

unittest takes all names out of the frames of an error that leaves this block, also of one that
fails the test. Nothing would be left to look at. What unittest does at once, we do after our look.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any

from loopcheck.process import objects
from loopcheck.watch.hooks import Undo, placed, step_aside, together
from loopcheck.watch.loops import LEDGER

MODULE, CONTEXT = "unittest.case", "_AssertRaisesContext"
# The latest errors' tracebacks, by their ids, and the tests of those: we keep no frame alive.
_kept: dict[int, int] = {}
MOST = 100


def install() -> Undo:
    """Begin to keep those frames."""
    kind = getattr(sys.modules.get(MODULE), CONTEXT, None)
    theirs = vars(kind).get("__exit__") if isinstance(kind, type) else None
    if kind is None or theirs is None:
        return lambda: None
    return together(_kept.clear, placed(kind, "__exit__", _keeping(theirs)))


def _keeping(theirs: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(theirs)
    def left(self: Any, exc_type: Any, exc_value: Any, tb: Any) -> Any:
        __tracebackhide__ = True
        if exc_type is None or issubclass(exc_type, self.expected):
            try:
                return theirs(self, exc_type, exc_value, tb)
            except BaseException as error:
                step_aside(error)
                raise
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[id(tb)] = LEDGER.moment
        return False

    return left


def clear(error: BaseException) -> None:
    """Take the names out of the frames of *error* and of those behind it, as unittest would."""
    for one in (error, *objects.behind(error)) if _kept else ():
        trace = objects.trace_of(one)
        while trace is not None:
            if _kept.pop(id(trace), None) == LEDGER.moment:
                traceback.clear_frames(trace)
                break
            trace = trace.tb_next
