"""Threads that wake the loop, or bring what a timer will find: none of them leaves it asleep."""

# options: --loopcheck-hang=1
import asyncio
import threading

import pytest


@pytest.mark.asyncio
async def test_a_thread_that_wakes_the_loop():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    handed = threading.Timer(1.5, loop.call_soon_threadsafe, (future.set_result, 9))
    handed.start()
    assert await future == 9


@pytest.mark.asyncio
async def test_a_thread_whose_result_a_timer_finds():
    future = asyncio.get_running_loop().create_future()
    threading.Timer(0.1, future.set_result, (9,)).start()
    ticks = asyncio.ensure_future(asyncio.sleep(3))
    assert await future == 9
    await ticks
