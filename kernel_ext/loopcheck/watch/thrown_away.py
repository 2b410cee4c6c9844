"""Never-awaited coroutines, at the moment that Python warns about them: was a loop running there?

A synchronous function cannot be left meanwhile: a coroutine that was refused in it was refused
while that loop was running. We use Python's own hook for this warning: no code of ours runs for a
healthy test.
"""

from __future__ import annotations

import asyncio
import sys
import warnings
from collections.abc import Callable
from types import CodeType, CoroutineType, FrameType, FunctionType
from typing import Any

from loopcheck.watch import faults, veil
from loopcheck.watch.hooks import Counted, Undo, step_aside
from loopcheck.watch.loops import LEDGER

NAME = "_warn_unawaited_coroutine"  # private: the interpreter calls it
THERE = ("warnings", "_py_warnings")  # the latter is 3.14's
KEPT = 200  # lines, in one test

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
    theirs: Any = getattr(warnings, NAME, None)
    if type(theirs) is not FunctionType or theirs.__module__ not in THERE:
        return lambda: None
    active, unveil = True, veil.install()  # else Python's message would count our frame

    def ours(coroutine: Any) -> None:
        try:
            if active:
                _note(coroutine, veil.outer(sys._getframe(1)))
        except Exception:  # our code must not suppress Python's message
            faults.note()
        try:
            theirs(coroutine)
        except BaseException as error:
            step_aside(error)
            raise

    setattr(warnings, NAME, ours)

    def undo() -> None:
        nonlocal active
        active = False  # if other code has wrapped after us
        if getattr(warnings, NAME) is ours:
            setattr(warnings, NAME, theirs)
        _lines.clear()
        unveil()

    return undo


install: Callable[[], Undo] = Counted(_hook).install
