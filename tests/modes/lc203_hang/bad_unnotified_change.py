"""The board changes inside the condition, but nothing in the project ever notifies it."""

# name: board.changed | self.changed
import asyncio

import pytest


class Board:
    def __init__(self):
        self.changed, self.rows = asyncio.Condition(), {}

    async def update(self, key, row):
        async with self.changed:
            self.rows[key] = row  # LC203

    async def next_rows(self):
        async with self.changed:
            await self.changed.wait()
            return dict(self.rows)


@pytest.mark.asyncio
async def test_a_change_is_seen():
    board = Board()
    waiting = asyncio.create_task(board.next_rows())
    await asyncio.sleep(0)
    await board.update("a", 1)
    async with asyncio.timeout(0.2):
        assert await waiting == {"a": 1}
