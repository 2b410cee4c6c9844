"""A manager cancels the poller at its end, and the test's own sleep had not let it begin."""

# name: asyncio.sleep

import asyncio
from contextlib import asynccontextmanager
from unittest.mock import AsyncMock, patch

import pytest


class Poller:
    def __init__(self, gauge):
        self.gauge, self.levels = gauge, []

    async def poll(self):
        self.levels.append(await self.gauge())

    async def run(self):
        while True:
            await self.poll()
            await asyncio.sleep(30)


@asynccontextmanager
async def running(poller):
    task = asyncio.create_task(poller.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.asyncio
async def test_keeps_polling():
    poller = Poller(AsyncMock(return_value=50))
    with patch("asyncio.sleep", AsyncMock()):  # LC405
        async with running(poller):
            await asyncio.sleep(0.05)
    assert len(poller.levels) > 1
