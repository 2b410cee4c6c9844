"""The override of one module; two loops of two tests meet at a lock."""

# name: event_loop
import asyncio

import pytest

gate = asyncio.Lock()


@pytest.fixture(scope="module")
def event_loop():  # LC302
    loop = asyncio.get_event_loop_policy().new_event_loop()
    yield loop
    loop.close()


async def enter():
    async with gate:
        await asyncio.sleep(0)


@pytest.mark.asyncio
async def test_two_enter():
    await asyncio.gather(enter(), enter())


@pytest.mark.asyncio
async def test_two_more_enter():
    await asyncio.gather(enter(), enter())
