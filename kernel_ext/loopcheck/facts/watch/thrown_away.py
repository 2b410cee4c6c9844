"""Coroutines that nobody awaited, at the moment that Python warns of them: did a loop run there?

A synchronous function cannot be left meanwhile: what it was refused in there was refused while
that loop ran. The hook is Python's own for this warning: nothing is called for a healthy test.
"""

import asyncio
import sys
import warnings
from collections.abc import Callable
from types import CodeType, CoroutineType, FunctionType, SimpleNamespace
from typing import Any

from loopcheck.facts.watch import faults
from loopcheck.facts.watch.hooks import Counted, Undo
from loopcheck.facts.watch.loops import LEDGER

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


def _note(coroutine: object, file: str, line: int) -> None:
    global _moment
    if _moment != LEDGER.moment:
        _moment = LEDGER.moment
        _lines.clear()
    if type(coroutine) is CoroutineType and len(_lines) < KEPT:
        key = (coroutine.cr_code, file, line)
        _lines[key] = _lines.get(key, True) and asyncio._get_running_loop() is not None


def _hook() -> Undo:
    theirs: Any = getattr(warnings, NAME, None)
    if type(theirs) is not FunctionType or theirs.__module__ not in THERE:
        return lambda: None
    active = True

    def ours(coroutine: Any) -> None:
        try:
            if active:
                frame = sys._getframe(1)  # there is none as the interpreter ends
                _note(coroutine, frame.f_code.co_filename, frame.f_lineno)
        except Exception:  # ours must not take Python's words away
            faults.note()
        words = _words(theirs, coroutine)
        # From here, not by `theirs`: a frame of ours less, and the warning stays at its line.
        warnings.warn(words, RuntimeWarning, stacklevel=2, source=coroutine)

    setattr(warnings, NAME, ours)

    def undo() -> None:
        nonlocal active
        active = False  # if somebody wrapped after us
        if getattr(warnings, NAME) is ours:
            setattr(warnings, NAME, theirs)
        _lines.clear()

    return undo


def _words(theirs: FunctionType, coroutine: Any) -> str:
    """Return what Python says, with the lines that made the coroutine where it keeps those."""
    said: list[str] = []

    def warn(words: str, **_: object) -> None:
        said.append(words)

    ours = {"warn": warn, "_wm": SimpleNamespace(warn=warn)}  # by the latter, 3.14 asks for it
    copy = FunctionType(theirs.__code__, theirs.__globals__ | ours)
    try:
        copy(coroutine)
    except Exception:  # another Python's way to warn
        said.clear()
    return said[0] if said else f"coroutine '{coroutine.__qualname__}' was never awaited"


install: Callable[[], Undo] = Counted(_hook).install
