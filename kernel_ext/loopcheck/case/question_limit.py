"""Ends a question that takes too long: the run continues without its answer."""

from __future__ import annotations

import _thread
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class OutOfTime(BaseException):
    """Raised in a question that takes too long. No `except Exception` in our code may catch it."""


def within(seconds: float, act: Callable[[], T]) -> T:
    """Return what *act* returns; raise OutOfTime if it runs Python code for longer.

    A second thread raises the error in this one. It is started by `_thread`, not `threading`: a
    test that looks at threads does not see it, and a patched `threading` does not affect it.
    """
    limit = _Limit(_thread.get_ident(), seconds)
    try:
        try:
            limit.begin()
            return act()
        finally:
            limit.end()
    except OutOfTime:
        limit.end()  # the error may have interrupted the first call
        raise


class _Limit:
    def __init__(self, thread: int, seconds: float) -> None:
        self.thread, self.seconds = thread, seconds
        self.over = self.fired = False
        self.deciding = _thread.allocate_lock()
        self.ended = _thread.allocate_lock()

    def begin(self) -> None:
        self.ended.acquire()
        try:
            _thread.start_new_thread(self._watch, ())
        except RuntimeError:  # no thread can be started here: questions limit their walks too
            self.over = True

    def end(self) -> None:
        with self.deciding:
            self.over = True
        if self.fired:
            _let_it_come()
        if self.ended.locked():
            self.ended.release()

    def _watch(self) -> None:
        """Raise once per *seconds* that pass: a bare `except` may have swallowed the first."""
        while not self.ended.acquire(timeout=self.seconds):
            with self.deciding:
                if self.over:
                    return
                self.fired = True
                _raise_in(self.thread, OutOfTime)


def _let_it_come() -> None:
    """Receive the error that may still be pending: each turn of a loop checks for it.

    Cancelling it instead would leave CPython 3.11's flag for it set, and any later tracing or
    profiling of this thread would hang forever.
    """
    try:
        for _ in range(100):
            pass
    except OutOfTime:
        pass


def _raise_in(thread: int, error: type[BaseException]) -> None:
    import ctypes  # late: only a question that takes too long needs it

    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error))
