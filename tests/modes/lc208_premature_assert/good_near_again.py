"""A task goes on and on, and one iteration more would make none of these lines true."""

import asyncio
from unittest.mock import AsyncMock, call

import pytest
import pytest_asyncio


class Watch:
    def __init__(self, send):
        self.send, self.ticks, self.log = send, 0, []

    async def tick(self):
        while True:
            self.ticks += 1
            self.log.append("tick")
            await self.send("tick")
            await asyncio.sleep(0.05)


@pytest_asyncio.fixture
async def watch():
    watch = Watch(AsyncMock())
    task = asyncio.create_task(watch.tick())
    await asyncio.sleep(0)
    yield watch
    task.cancel()


pytestmark = pytest.mark.asyncio


async def test_it_says_tock(watch):
    assert watch.send.call_args_list == [call("tock")]


async def test_it_is_silent(watch):
    assert watch.send.call_args_list == []


async def test_it_has_not_ticked(watch):
    assert watch.ticks < 1


async def test_the_log_begins_with_a_tock(watch):
    assert watch.log == ["tock", "tick"]


async def test_the_log_is_a_dict(watch):
    assert isinstance(watch.log, dict)
