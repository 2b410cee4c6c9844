"""The fixture starts what it does not end."""

import asyncio

import pytest
import pytest_asyncio


async def heartbeat():
    while True:
        await asyncio.sleep(1)


@pytest_asyncio.fixture
async def alive():
    task = asyncio.get_running_loop().create_task(heartbeat())  # LC201
    yield task


# name: heartbeat
@pytest.mark.asyncio
async def test_alive(alive):
    await asyncio.sleep(0)
    assert not alive.done()
