"""The task notified before the wait began, and a condition keeps nothing for later."""

# options: --loopcheck-hang=1
# name: board.changed

import asyncio

import pytest


class Board:
    def __init__(self):
        self.changed, self.rows = asyncio.Condition(), {}

    async def update(self, row):
        async with self.changed:
            self.rows["x"] = row
            self.changed.notify_all()


@pytest.mark.asyncio
async def test_a_change_is_seen():
    board = Board()
    await asyncio.create_task(board.update(5))
    async with board.changed:
        await board.changed.wait()  # LC203
