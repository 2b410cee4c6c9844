"""Whether a thread of a loop's own pool works at something is read off the pool."""

import asyncio
import ctypes
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from loopcheck.process.waiting import busy_threads


def test_a_thread_of_the_loops_pool_is_at_work_until_it_waits_for_more() -> None:
    async def main() -> list[bool]:
        loop, go = asyncio.get_running_loop(), threading.Event()
        seen = [busy_threads.in_executor(loop)]  # there is no pool yet
        waits = loop.run_in_executor(None, go.wait, 60)
        seen.append(busy_threads.in_executor(loop))
        go.set()
        await waits
        idle = loop._default_executor._idle_semaphore  # type: ignore[attr-defined]
        assert idle.acquire(timeout=60)
        idle.release()
        return [*seen, busy_threads.in_executor(loop)]

    assert asyncio.run(main()) == [False, True, False]


@contextmanager
def thread_without_python(function: str, given: Any) -> Iterator[None]:
    """Run a function of C in a thread that Python does not know."""
    libc = ctypes.CDLL(None)
    thread = ctypes.c_ulong()
    start = ctypes.cast(getattr(libc, function), ctypes.c_void_p)
    assert libc.pthread_create(ctypes.byref(thread), None, start, given) == 0
    try:
        yield
    finally:
        libc.pthread_cancel(thread)
        libc.pthread_join(thread, None)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_a_thread_without_python_may_be_at_work_unless_it_waits_for_another_one() -> None:
    taken, turns = ctypes.create_string_buffer(64), threading.Event()
    with thread_without_python("pause", None):  # it waits for anything
        assert busy_threads.native_threads()
    with thread_without_python("sem_wait", taken):  # a semaphore of 0
        for _ in range(20_000):  # it has to get there, and nothing tells us when
            if not busy_threads.native_threads():
                break
            turns.wait(0.001)
        else:
            pytest.fail("it still counts")
    assert not busy_threads.native_threads()
