"""The test's own mark says what it would have anyway: it is the fixture that is elsewhere."""

# name: door
import asyncio

import pytest
import pytest_asyncio


async def pass_through(door):
    async with door:
        await asyncio.sleep(0)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door():
    door = asyncio.Lock()
    await asyncio.gather(pass_through(door), pass_through(door))
    return door


@pytest.mark.asyncio(loop_scope="function")  # LC106
async def test_two_pass(door):
    await asyncio.gather(pass_through(door), pass_through(door))
