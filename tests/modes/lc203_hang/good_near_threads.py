"""Threads that are slow, or blocked until another thread lets them go on: the tests pass."""

# options: --loopcheck-hang=1

import asyncio
import queue
import threading
import time

import anyio
import pytest

pytestmark = pytest.mark.asyncio


def sit(seat):
    with seat:
        return "served"


async def test_a_timer_releases_the_lock():
    seat = threading.Lock()
    seat.acquire()
    threading.Timer(1.5, seat.release).start()
    assert await asyncio.to_thread(sit, seat) == "served"


async def test_a_thread_that_is_slow():
    await anyio.to_thread.run_sync(time.sleep, 1.5)


async def test_another_task_feeds_the_thread():
    orders = queue.Queue()

    async def order():
        await asyncio.sleep(1.5)
        orders.put("pen")

    late = asyncio.create_task(order())
    assert await asyncio.to_thread(orders.get) == "pen"
    await late
