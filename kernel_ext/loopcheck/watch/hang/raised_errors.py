"""Raises an error in what blocks its loop: in user code, by a signal if one is free."""

from __future__ import annotations

import _thread
import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType

from loopcheck.labels import LOCK
from loopcheck.process import thread_stacks
from loopcheck.process.frames import line_of
from loopcheck.watch.hang import ways_to_end


class Hung(ways_to_end.Stopped):
    """The error that ends a hanging test."""

    words = "ended by --loopcheck-hang"


_users = 0
_number: int | None = None
_asked = False


def install() -> Callable[[], None]:
    """Take an unused signal, to raise errors where the tests run: the main thread.

    A signal's handler sees what it interrupts, so no error of ours lands in pytest or asyncio. It
    also wakes calls that wait in C. Windows has SIGBREAK, and `interrupt_main` for it, which takes
    effect at the next line of Python. Elsewhere there is only an asynchronous error.
    """
    global _users, _number
    with LOCK:
        _users += 1
        if _users == 1 and threading.current_thread() is threading.main_thread():
            free = (one for one in _signals() if signal.getsignal(one) is signal.SIG_DFL)
            _number = next(free, None)
            if _number is not None:
                signal.signal(_number, _cut_in)
    done = False

    def undo() -> None:
        nonlocal done
        with LOCK:
            if not done:
                done = True
                _leave()

    return undo


def _leave() -> None:
    global _users, _number
    _users -= 1
    if _users or _number is None or threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(_number) is _cut_in:
        signal.signal(_number, signal.SIG_DFL)
    _number = None


def _signals() -> list[int]:
    names = ("SIGURG", "SIGWINCH", "SIGBREAK")
    return [getattr(signal, name) for name in names if hasattr(signal, name)]


def _cut_in(number: int, frame: FrameType | None) -> None:
    global _asked
    __tracebackhide__ = True  # like pytest's own: a failure points at the user's line
    if _asked and ways_to_end.in_user_code(thread_stacks.outwards(frame)):
        _asked = False
        raise Hung(Hung.words)


def raise_in(thread: int) -> None:
    """Raise Hung in *thread*, if it runs user code in a step of a loop now."""
    global _asked
    if thread == threading.main_thread().ident and _number is not None:
        _asked = True
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(thread, _number)
        else:
            _thread.interrupt_main(signal.Signals(_number))
    elif ways_to_end.in_user_code(thread_stacks.of(thread)):
        ways_to_end.raise_in(thread, Hung)


def raise_no_more(thread: int) -> None:
    """Withdraw a request that has not taken effect."""
    global _asked
    _asked = False
    if thread != threading.main_thread().ident or _number is None:
        ways_to_end.raise_no_more(thread)


def give_lines(trace: TracebackType | None) -> None:
    """Give each entry of *trace* a line, the latest one before it: pytest can't show others."""
    while trace is not None:
        after = trace.tb_next
        if after is not None and after.tb_lineno is None:
            line = line_of(after.tb_frame.f_code, after.tb_lasti)
            after = TracebackType(after.tb_next, after.tb_frame, after.tb_lasti, line)
            trace.tb_next = after
        trace = after
