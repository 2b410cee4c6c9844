"""The object keeps its task, and nobody keeps the object: it has a `close` that nobody calls."""

# name: Cache._refresh

import asyncio
import gc

import pytest


class Cache:
    def __init__(self):
        self.stale = asyncio.Event()
        self.rows = {"a": 1}
        self._task = asyncio.create_task(self._refresh())

    async def close(self):
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _refresh(self):
        while True:
            await self.stale.wait()  # used
            self.stale.clear()


@pytest.mark.asyncio
async def test_a_row_is_there():
    rows = Cache().rows  # LC210
    await asyncio.sleep(0)
    gc.collect()
    assert rows["a"] == 1
