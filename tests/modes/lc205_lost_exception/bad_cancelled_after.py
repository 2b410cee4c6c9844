"""A worker dies of its first odd row; the clean-up cancels it, and then nobody is told."""

# name: Feeder.work
import asyncio

import pytest
import pytest_asyncio


class Feeder:
    def __init__(self):
        self.rows, self.total = asyncio.Queue(), 0
        self.task = asyncio.create_task(self.work())  # LC205

    async def work(self):
        while True:
            row = await self.rows.get()
            self.total += row["count"]


@pytest_asyncio.fixture
async def feeder():
    feeder = Feeder()
    yield feeder
    feeder.task.cancel()


@pytest.mark.asyncio
async def test_total(feeder):
    for row in ({"count": 1}, {"number": 2}, {"count": 3}):
        feeder.rows.put_nowait(row)
        await asyncio.sleep(0)
    assert feeder.total == 4
