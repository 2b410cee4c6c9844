"""A task notifies what others have changed, or changes it: they are only late."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Board:
    def __init__(self):
        self.changed, self.rows = asyncio.Condition(), {}

    def put(self, key, row):
        self.rows[key] = row

    async def update(self, key, row):
        await asyncio.sleep(60)
        async with self.changed:
            self.put(key, row)
            self.changed.notify_all()

    async def flush(self):
        while True:
            await asyncio.sleep(60)
            async with self.changed:
                self.changed.notify_all()

    async def filled(self):
        async with self.changed:
            await self.changed.wait_for(lambda: self.rows)


async def test_the_next_flush_notifies():
    board = Board()
    flushing = asyncio.create_task(board.flush())
    waiting = asyncio.create_task(board.filled())
    await asyncio.sleep(0)
    board.put("a", 1)
    async with asyncio.timeout(0.1):
        await waiting
    flushing.cancel()


async def test_the_update_is_slow():
    board = Board()
    updating = asyncio.create_task(board.update("a", 1))
    async with asyncio.timeout(0.1):
        await board.filled()
    updating.cancel()
