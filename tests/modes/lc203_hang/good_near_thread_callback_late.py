"""The task yields when its limit is due, and no thread has woken it late."""

import asyncio
import threading
import time

import pytest

pytestmark = pytest.mark.asyncio


class Station:
    def __init__(self):
        self._queue = asyncio.Queue()
        self.rows = []

    def _arrived(self, value):
        self._queue.put_nowait(value)

    def begin(self, loop):
        loop.call_soon_threadsafe(self._arrived, 3)

    async def listen(self):
        loop = asyncio.get_running_loop()
        threading.Thread(target=self.begin, args=(loop,), daemon=True).start()
        value = await self._queue.get()
        until = time.monotonic() + 0.3
        while time.monotonic() < until:
            await asyncio.sleep(0)
        self.rows.append(value)


async def test_it_computes_for_too_long():
    station = Station()
    async with asyncio.timeout(0.1):
        await station.listen()
    assert station.rows == [3]
