"""Never-awaited coroutines: what created them, and what happens as Python warns about them.

Python can record the lines that create a coroutine, in some 0.3 microseconds for each. It would add
them to its warning, whose words stay as they are without loopcheck.

Was a loop running when it was dropped? A synchronous function cannot be left meanwhile: a coroutine
that was refused in it was refused while that loop was running. We use Python's own hook for this
warning: no code of ours runs for a healthy test.
"""

from __future__ import annotations

import asyncio
import sys
import warnings
from collections.abc import Callable
from types import CodeType, CoroutineType, FrameType, FunctionType
from typing import Any

from loopcheck.process.errors.destructor_errors import DROPPED_AT
from loopcheck.source.coroutines.unawaited_warnings import HOOK
from loopcheck.watch import faults, veil
from loopcheck.watch.hooks import Counted, Undo, placed, step_aside
from loopcheck.watch.loops import LEDGER

THERE = ("warnings", "_py_warnings")  # the latter is 3.14's
KEPT = 200  # lines, in one test
DEPTH = 3  # callers: a client's `get` calls its `execute`, which calls the coroutine function

Line = tuple[CodeType, str, int]  # of the coroutine; where it was dropped

_lines: dict[Line, bool] = {}  # of the test at `_moment`
_moment = 0


def amid_a_loop(code: CodeType | None, file: str, line: int) -> bool:
    """Return whether a loop was running each time *line* dropped a coroutine of *code*."""
    if code is None or _moment != LEDGER.moment:
        return False
    return _lines.get((code, file, line), False)


def met(*codes: CodeType | None) -> bool:
    """Return whether this test dropped a coroutine of one of *codes* that never ran."""
    return _moment == LEDGER.moment and any(code in codes for code, *_ in _lines)


def _note(coroutine: object, frame: FrameType | None) -> None:
    """Record where Python is about to report that it happened."""
    global _moment
    if frame is None:  # there is none when the interpreter ends
        return
    if _moment != LEDGER.moment:
        _moment = LEDGER.moment
        _lines.clear()
    if type(coroutine) is CoroutineType and len(_lines) < KEPT:
        key = (coroutine.cr_code, frame.f_code.co_filename, frame.f_lineno)
        _lines[key] = _lines.get(key, True) and asyncio._get_running_loop() is not None


def _hook() -> Undo:
    theirs: Any = getattr(warnings, HOOK, None)
    if type(theirs) is not FunctionType or theirs.__module__ not in THERE:
        return lambda: None
    active, unveil = True, veil.install()  # else Python's message would count our frame
    quiet = _without_origin(theirs)

    def ours(coroutine: Any) -> None:
        frame = None
        try:
            if active:
                _note(coroutine, frame := veil.outer(sys._getframe(1)))
        except Exception:  # our code must not suppress Python's message
            faults.note()
        origin = getattr(coroutine, "cr_origin", None)  # Cython has coroutines of its own
        recorded_by_us = active and len(origin or ()) <= DEPTH  # asyncio's debug mode records more
        try:
            (quiet if quiet is not None and recorded_by_us else theirs)(coroutine)
        except BaseException as error:
            step_aside(error)
            if frame is not None and type(error) is RuntimeWarning:
                setattr(error, DROPPED_AT, (frame.f_code.co_filename, frame.f_lineno))
            raise

    restore = placed(warnings, HOOK, ours)
    stop = _record_origins() if quiet is not None else lambda: None

    def undo() -> None:
        nonlocal active
        active = False
        restore()
        _lines.clear()
        stop()
        unveil()

    return undo


def _record_origins() -> Undo:
    if sys.get_coroutine_origin_tracking_depth():
        return lambda: None  # the user wants them, in the warning, too
    sys.set_coroutine_origin_tracking_depth(DEPTH)

    def undo() -> None:
        if sys.get_coroutine_origin_tracking_depth() == DEPTH:
            sys.set_coroutine_origin_tracking_depth(0)

    return undo


def _without_origin(theirs: FunctionType) -> FunctionType | None:
    """Return Python's function as it is for coroutines without an origin; None if it differs.

    It reads `cr_await` in place of `cr_origin`: None, too, in a coroutine that never started.
    The copy has Python's file, name and lines, so errors that leave it look as ever.
    """
    code = theirs.__code__
    if "cr_origin" not in code.co_names:
        return None
    names = tuple("cr_await" if one == "cr_origin" else one for one in code.co_names)
    return FunctionType(code.replace(co_names=names), theirs.__globals__, theirs.__name__)


install: Callable[[], Undo] = Counted(_hook).install
