"""Threads that wake the loop, or have not delivered anything when the limit runs out."""

import asyncio
import threading

import pytest

pytestmark = pytest.mark.asyncio


class Scale:
    def __init__(self, loop, on):
        self.loop, self.on = loop, on
        self.weight = asyncio.Event()

    def weigh(self):
        self.on.wait(0.4)
        self.loop.call_soon_threadsafe(self.weight.set)

    def weigh_alone(self, weighed):
        self.on.wait(0.4)
        weighed.set_result(9)


async def test_the_thread_wakes_the_loop_too_late():
    on = threading.Event()
    scale = Scale(asyncio.get_running_loop(), on)
    thread = threading.Thread(target=scale.weigh)
    thread.start()
    try:
        async with asyncio.timeout(0.1):
            await scale.weight.wait()
    finally:
        on.set()
        thread.join()


async def test_the_thread_has_not_delivered_yet():
    on, weighed = threading.Event(), asyncio.get_running_loop().create_future()
    scale = Scale(asyncio.get_running_loop(), on)
    thread = threading.Thread(target=scale.weigh_alone, args=(weighed,))
    thread.start()
    try:
        async with asyncio.timeout(0.1):
            await asyncio.shield(weighed)
    finally:
        on.set()
        thread.join()
