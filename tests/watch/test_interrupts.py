"""Signals wake a loop that waits, and what others set stays theirs."""

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator

import pytest

from loopcheck.watch import interrupts

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no loop there has signal handlers")
BOUND = 60  # seconds that a busy machine may take


def fd() -> int:
    found = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(found)
    return found


def state() -> tuple[int, list[object], list[threading.Thread]]:
    handlers: list[object] = [signal.getsignal(one) for one in sorted(signal.valid_signals())]
    return fd(), handlers, threading.enumerate()


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    before = state()
    made = asyncio.new_event_loop()
    yield made
    made.close()
    assert state() == before


def nothing(*args: object) -> None:
    pass


def woken_by_sigint(loop: asyncio.AbstractEventLoop, seconds: float = BOUND) -> bool:
    """Return whether a handler that only uses `call_soon`, as ipykernel's does, ends a wait."""
    waits, pause = threading.Event(), threading.Event()

    def press() -> None:
        waits.wait(BOUND)
        pause.wait(0.05)  # from its last callback into the selector
        os.kill(os.getpid(), signal.SIGINT)

    async def wait() -> bool:
        stopped = asyncio.Event()
        before = signal.signal(signal.SIGINT, lambda *args: loop.call_soon(stopped.set))
        loop.call_soon(waits.set)
        try:
            async with asyncio.timeout(seconds):
                return await stopped.wait()
        except TimeoutError:
            return False
        finally:
            signal.signal(signal.SIGINT, before)

    thread = threading.Thread(target=press)
    thread.start()
    try:
        return loop.run_until_complete(wait())
    finally:
        thread.join(BOUND)


def test_a_waiting_loop_is_woken_by_a_signal(loop: asyncio.AbstractEventLoop) -> None:
    undo = interrupts.install(loop)
    assert woken_by_sigint(loop)
    undo()
    # Else this would prove nothing. Where the machine stands still, the signal may come before the
    # loop waits, and nobody has to wake it.
    assert any(not woken_by_sigint(loop, 1) for _ in range(10))


def test_undo_twice_is_once_and_the_last_undo_takes_it_away(
    loop: asyncio.AbstractEventLoop,
) -> None:
    before = state()
    first, second = interrupts.install(loop), interrupts.install(loop)
    armed = state()
    assert armed != before
    first()
    first()
    assert state() == armed
    second()
    assert state() == before


def test_a_handler_of_the_users_stays_and_another_signal_wakes(
    loop: asyncio.AbstractEventLoop,
) -> None:
    theirs = signal.signal(signal.SIGWINCH, nothing)
    undo = interrupts.install(loop)
    assert signal.getsignal(signal.SIGWINCH) is nothing
    assert fd() != -1
    undo()
    assert signal.getsignal(signal.SIGWINCH) is nothing
    signal.signal(signal.SIGWINCH, theirs)


def test_a_handler_of_the_loops_stays_and_keeps_waking_it(
    loop: asyncio.AbstractEventLoop,
) -> None:
    called: list[str] = []
    loop.add_signal_handler(signal.SIGWINCH, called.append, "theirs")
    before = state()
    undo = interrupts.install(loop)
    loop.call_soon(os.kill, os.getpid(), signal.SIGWINCH)
    loop.run_until_complete(asyncio.sleep(0.01))
    assert called == ["theirs"]
    undo()
    assert state() == before


def test_a_wake_up_of_somebody_elses_is_not_replaced(loop: asyncio.AbstractEventLoop) -> None:
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    with ours, theirs:
        signal.set_wakeup_fd(theirs.fileno())
        before = state()
        undo = interrupts.install(loop)
        assert state() == before
        undo()
        assert state() == before
        signal.set_wakeup_fd(-1)


def test_a_handler_set_after_us_survives_the_undo(loop: asyncio.AbstractEventLoop) -> None:
    before = signal.getsignal(signal.SIGWINCH)
    undo = interrupts.install(loop)
    signal.signal(signal.SIGWINCH, nothing)
    undo()
    assert signal.getsignal(signal.SIGWINCH) is nothing
    signal.signal(signal.SIGWINCH, before)


def test_a_loop_closed_under_us_leaves_nothing(loop: asyncio.AbstractEventLoop) -> None:
    before = state()
    undo = interrupts.install(loop)
    loop.close()
    undo()
    assert state() == before


def test_outside_of_a_kernel_nothing_is_done_and_nothing_said() -> None:
    before = state()
    undo = interrupts.install()
    interrupts.before_cell()
    assert interrupts.note() is None
    assert state() == before
    undo()


def test_from_another_thread_it_waits_for_the_loop(loop: asyncio.AbstractEventLoop) -> None:
    before = state()
    undos: list[object] = []
    thread = threading.Thread(target=lambda: undos.append(interrupts.install(loop)))
    thread.start()
    thread.join(BOUND)
    assert state() == before
    loop.run_until_complete(asyncio.sleep(0))
    assert fd() != -1
    [undo] = undos
    assert callable(undo)
    undo()
