"""A lock that somebody waited for on the package's loop."""

# name: door
import asyncio

import pytest
import pytest_asyncio


async def pass_through(door):
    async with door:
        await asyncio.sleep(0)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def door():
    door = asyncio.Lock()
    await asyncio.gather(pass_through(door), pass_through(door))
    return door


@pytest.mark.asyncio(loop_scope="module")  # LC106
async def test_two_pass(door):
    await asyncio.gather(pass_through(door), pass_through(door))
