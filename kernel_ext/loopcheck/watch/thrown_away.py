"""Coroutines that nobody awaited, at the moment that Python warns of them: did a loop run there?

A synchronous function cannot be left meanwhile: what it was refused in there was refused while
that loop ran. The hook is Python's own for this warning: nothing is called for a healthy test.
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

Line = tuple[CodeType, str, int]  # of the coroutine; where it was thrown away

_lines: dict[Line, bool] = {}  # of the test at `_moment`
_moment = 0


def amid_a_loop(code: CodeType | None, file: str, line: int) -> bool:
    """Return whether each coroutine of *code* that *line* threw away died where a loop ran."""
    if code is None or _moment != LEDGER.moment:
        return False
    return _lines.get((code, file, line), False)


def met(*codes: CodeType | None) -> bool:
    """Return whether this test threw away a coroutine of one of *codes* that never ran."""
    return _moment == LEDGER.moment and any(code in codes for code, *_ in _lines)


def _note(coroutine: object, frame: FrameType | None) -> None:
    """Note where Python is about to say that it happened."""
    global _moment
    if frame is None:  # there is none as the interpreter ends
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
    active, unveil = True, veil.install()  # else Python's words would count our frame

    def ours(coroutine: Any) -> None:
        try:
            if active:
                _note(coroutine, veil.outer(sys._getframe(1)))
        except Exception:  # ours must not take Python's words away
            faults.note()
        try:
            theirs(coroutine)
        except BaseException as error:
            step_aside(error)
            raise

    setattr(warnings, NAME, ours)

    def undo() -> None:
        nonlocal active
        active = False  # if somebody wrapped after us
        if getattr(warnings, NAME) is ours:
            setattr(warnings, NAME, theirs)
        _lines.clear()
        unveil()

    return undo


install: Callable[[], Undo] = Counted(_hook).install
