"""A lock of threads, held by a thread, asked for on the loop."""

import threading

import pytest

lock = threading.Lock()


# name: lock
@pytest.mark.asyncio
async def test_counter_is_free():
    lock.acquire()
    timer = threading.Timer(0.3, lock.release)
    timer.start()
    with lock:  # LC107
        assert timer.finished.is_set()
    timer.join()
