"""A task does its work once in each iteration, and a test counts on one more than there was."""

# findings: 3
# name: Watch.tick
import asyncio
from unittest.mock import AsyncMock, call

import pytest


class Watch:
    def __init__(self, send):
        self.send, self.ticks, self.log = send, 0, []

    async def tick(self):
        while True:
            self.ticks += 1
            await self.send("tick")
            await asyncio.sleep(0.05)

    async def note(self):
        while len(self.log) < 10:
            await asyncio.sleep(0)
            self.log.append("all is well")
            await pause()


async def pause():
    await asyncio.sleep(0.05)


@pytest.mark.asyncio
async def test_two_ticks_are_sent():
    watch = Watch(AsyncMock())
    async with asyncio.TaskGroup() as group:
        task = group.create_task(watch.tick())
        await asyncio.sleep(0)
        expected = [call("tick"), call("tick")]
        assert watch.send.call_args_list == expected  # LC208
        task.cancel()


@pytest.mark.asyncio
async def test_it_has_ticked_more_than_once():
    watch = Watch(AsyncMock())
    task = asyncio.create_task(watch.tick())
    await asyncio.sleep(0)
    try:
        assert watch.ticks > 1  # LC208
    finally:
        task.cancel()


@pytest.mark.asyncio
async def test_the_log_has_three_lines():
    watch = Watch(None)
    task = asyncio.create_task(watch.note())
    await asyncio.sleep(0.01)
    assert len(watch.log) == 3  # LC208
    task.cancel()
