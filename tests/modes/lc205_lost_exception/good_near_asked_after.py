"""These tests fail of themselves: whoever started the task asks for its error afterwards."""

import asyncio

import pytest
import pytest_asyncio


class Pump:
    def __init__(self):
        self.seen = 0

    async def run(self):
        self.seen += 1
        raise EOFError("empty")


@pytest_asyncio.fixture
async def pump():
    pump = Pump()
    task = asyncio.create_task(pump.run())
    yield pump
    with pytest.raises(EOFError):
        await task


@pytest.mark.asyncio
async def test_the_clean_up_asks(pump):
    await asyncio.sleep(0)
    assert pump.seen == 2


@pytest_asyncio.fixture
async def group():
    with pytest.raises(ExceptionGroup):
        async with asyncio.TaskGroup() as group:
            yield group


@pytest.mark.asyncio
async def test_the_group_asks(group):
    group.create_task(Pump().run())
    await asyncio.sleep(0)
    assert group is None
