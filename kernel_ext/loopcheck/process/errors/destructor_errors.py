"""Errors of destructors: Python can't raise them there, so pytest fails a test with them."""

from __future__ import annotations

import asyncio
from typing import Any

from loopcheck.process import objects

PYTESTS_BLOCK = "catch_unraisable_exception"
KEPT = "_loopcheck_error"  # an attribute of that block
DROPPED_AT = "_loopcheck_dropped_at"  # an attribute of a warning about a coroutine
PYTESTS = "PytestUnraisableExceptionWarning"


def of(error: BaseException) -> list[Any]:
    """Return the errors of destructors, and their warnings where filters turn those into errors."""
    errors = error.exceptions if objects.is_a(error, BaseExceptionGroup) else (error,)
    causes = [
        BaseException.__dict__["__cause__"].__get__(one) or _kept(one)
        for one in errors
        if type(one).__name__ == PYTESTS
    ]
    return [one for one in causes if one is not None]


def _kept(error: BaseException) -> object | None:
    """Return what `destructor_reports` kept of the error that pytest before 8.4 tells in words."""
    trace = objects.trace_of(error)
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    values = trace.tb_frame.f_locals.values() if trace is not None else ()
    kept = (objects.peek(one, KEPT) for one in values if type(one).__name__ == PYTESTS_BLOCK)
    return next((one for one in kept if objects.is_a(one, BaseException)), None)


def dropped_at(warning: RuntimeWarning) -> tuple[str, int]:
    """Return the line that dropped the coroutine of *warning*, ("", 0) if it was not seen."""
    at = vars(warning).get(DROPPED_AT)
    return at if type(at) is tuple else ("", 0)


def left_open(error: BaseException) -> list[Any]:
    """Return the warnings about unclosed objects, if the test failed for nothing else."""
    found = of(error)
    parts = len(error.exceptions) if objects.is_a(error, BaseExceptionGroup) else 1
    alone = len(found) == parts and all(type(one) is ResourceWarning for one in found)
    return found if alone else []


def loops(warnings: list[Any]) -> list[asyncio.AbstractEventLoop]:
    """Return the event loops that are the subject of these *warnings*."""
    return [one for one in subjects(warnings) if objects.is_loop(one)]


def subjects(warnings: list[Any]) -> list[object]:
    """Return the objects that these *warnings* are about: the owners of the destructors.

    The destructor of a socket is written in C: the frame is that of any line that ran meanwhile.
    """
    frames = [one.tb_frame for one in map(objects.trace_of, warnings) if one is not None]
    return [one.f_locals.get("self") for one in frames if one.f_code.co_name == "__del__"]
