"""Stop ends a cell that awaits: signals wake the kernel's loop, and a second Stop is stronger.

ipykernel's handler only puts the cancellation into the loop's queue, and Python continues to wait
in `epoll`. With a signal handler on the loop, every signal writes to the pipe that wakes it.
"""

from __future__ import annotations

import _thread
import asyncio
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from loopcheck.labels import LOCK
from loopcheck.process import thread_stacks
from loopcheck.watch.hang import ways_to_end
from loopcheck.watch.hooks import once

Loop = asyncio.AbstractEventLoop

NO_WAKE = "Stop may need a restart of the kernel: nothing here wakes a cell that awaits."
IPYKERNELS = "IPythonKernel._cancel_on_sigint.<locals>.handle_sigint"

_users = 0
_loop: Loop | None = None
_number: int | None = None  # the signal whose handler is ours
_wakes = False
_raise_asked = False
_raised = 0
_pressed = False  # Stop, since the cell of the main thread began


def install(loop: Loop | None = None) -> Callable[[], None]:
    """Let signals wake *loop*, else the kernel's; outside a kernel it does nothing."""
    global _users, _loop
    with LOCK:
        _users += 1
        _loop = loop or _loop
        _in_main_thread(_arm)
    return once(_leave)


def _leave() -> None:
    global _users
    _users -= 1
    if _users == 0:
        _in_main_thread(_disarm)


def kernel_loop() -> Loop | None:
    """Return the loop that runs the cells of this kernel; None outside one, or before it runs."""
    app = getattr(sys.modules.get("ipykernel.kernelapp"), "IPKernelApp", None)
    kernel = getattr(getattr(app, "_instance", None), "kernel", None)
    loop = getattr(getattr(kernel, "io_loop", None), "asyncio_loop", None)
    return loop if isinstance(loop, asyncio.AbstractEventLoop) else None


def note() -> str | None:
    """Return a line for the user if Stop can't wake a cell, None if it can."""
    return NO_WAKE if _users and kernel_loop() is not None and not _wakes else None


def before_cell() -> None:
    """Make a second Stop stronger than the first; call it when a cell begins."""
    global _pressed
    if not _users or threading.current_thread() is not threading.main_thread():
        return
    _pressed = False
    _arm()  # a loop that was closed meanwhile may have taken the wake-up with it
    theirs, task = signal.getsignal(signal.SIGINT), _current_task()
    # ipykernel restores its own handler when the cell ends, and ours goes with it.
    if task is not None and getattr(theirs, "__qualname__", None) == IPYKERNELS:
        assert callable(theirs)
        signal.signal(signal.SIGINT, _stronger_each_time(theirs, task))


def ended_by_stop(error: BaseException) -> bool:
    """Return whether *error* ended a cell that awaits because someone pressed Stop."""
    return _pressed and isinstance(error, asyncio.CancelledError | ways_to_end.Stopped)


def raise_in_main() -> None:
    """Raise `ways_to_end.Stopped` in the main thread, only if user code runs there now."""
    global _raise_asked, _raised
    main = threading.main_thread().ident
    if main is None:
        return
    if _number is not None:
        _raise_asked = True
        signal.pthread_kill(main, _number)  # also wakes it from calls into C
    elif ways_to_end.in_user_code(thread_stacks.of(main)):
        ways_to_end.raise_in(main)
        _raised += 1


def raised_in_main() -> int:
    """Return how often the main thread got an error from `raise_in_main` so far."""
    return _raised


def press_stop() -> None:
    """Do what Lab's Stop does, to this process only."""
    main = threading.main_thread().ident
    if main is not None and hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main, signal.SIGINT)  # also wakes it from calls into C
    else:
        _thread.interrupt_main()


def _current_task() -> asyncio.Task[object] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:  # no loop runs
        return None


def _stronger_each_time(
    theirs: Callable[[int, FrameType | None], object], task: asyncio.Task[object]
) -> Callable[[int, FrameType | None], None]:
    """Return a handler of SIGINT: first *theirs*, which cancels; then errors where it waits."""
    loop, presses, turned = task.get_loop(), 0, False

    def turn() -> None:
        nonlocal turned
        turned = True

    def stop(number: int, frame: FrameType | None) -> None:
        global _pressed
        nonlocal presses, turned
        presses, _pressed = presses + 1, True
        theirs(number, frame)
        if presses > 1 and _users:
            if not turned and ways_to_end.in_user_code(thread_stacks.outwards(frame)):
                raise ways_to_end.Stopped(
                    ways_to_end.WORDS
                )  # the loop is blocked: no callback will run
            loop.call_soon_threadsafe(ways_to_end.throw, task)
        turned = False
        loop.call_soon_threadsafe(turn)

    return stop


def _in_main_thread(act: Callable[[], None]) -> None:
    """Run *act* where signal handlers may be set: now, or when the kernel's loop gets to it."""
    loop = _loop or kernel_loop()
    if threading.current_thread() is threading.main_thread():
        act()
    elif loop is not None:
        with suppress(RuntimeError):  # closed by now
            loop.call_soon_threadsafe(act)


def _signals() -> list[int]:
    """Return signals that have no other use here, and that are ignored by default."""
    names = ("SIGWINCH", "SIGURG")
    return [getattr(signal, name) for name in names if hasattr(signal, name)]


def _arm() -> None:
    global _loop, _number, _wakes
    _loop = loop = _loop or kernel_loop()
    if not _users or not isinstance(loop, asyncio.SelectorEventLoop) or loop.is_closed():
        return
    own = _own_fd(loop)
    if own is None or (fd := _wakeup_fd()) not in (-1, own):
        return  # other code has its own wake-up: not ours to replace
    _wakes = fd == own
    if _number is not None and fd == own and _ours(loop, _number):
        return
    free = (one for one in _signals() if signal.getsignal(one) is signal.SIG_DFL)
    number = _number if _number is not None and _ours(loop, _number) else next(free, None)
    if number is not None:
        loop.add_signal_handler(number, _nothing)
        signal.signal(number, _woken)
        signal.siginterrupt(number, False)
        _number, _wakes = number, True


def _disarm() -> None:
    global _loop, _number, _wakes
    if _users:
        return  # installed again meanwhile
    loop, number = _loop, _number
    _loop, _number, _wakes = None, None, False
    if loop is None or number is None or not _ours(loop, number):
        return
    handler, fd = signal.getsignal(number), _wakeup_fd()
    own = _own_fd(loop)
    loop.remove_signal_handler(number)
    if handler is not _woken and handler is not None:
        signal.signal(number, handler)  # other code has set it meanwhile
    if fd not in (-1, own):
        signal.set_wakeup_fd(fd)


def _ours(loop: Loop, number: int) -> bool:
    handle = getattr(loop, "_signal_handlers", {}).get(number)
    return handle is not None and getattr(handle, "_callback", None) is _nothing


def _own_fd(loop: Loop) -> int | None:
    sock = getattr(loop, "_csock", None)
    return sock.fileno() if sock is not None else None


def _wakeup_fd() -> int:
    fd = signal.set_wakeup_fd(-1)  # the only way to read it
    if fd != -1:
        signal.set_wakeup_fd(fd)
    return fd


def _nothing() -> None:
    """The loop's callback: waking the loop was all it had to do."""


def _woken(number: int, frame: FrameType | None) -> None:
    global _raise_asked, _raised
    if _raise_asked and ways_to_end.in_user_code(thread_stacks.outwards(frame)):
        _raise_asked = False
        _raised += 1
        raise ways_to_end.Stopped(ways_to_end.WORDS)
    _raise_asked = False
