"""The test starts a coroutine of asyncio's own: the name of that alone says little."""

# name: asyncio.sleep(30)

import asyncio

import pytest


@pytest.mark.asyncio
async def test_sleeper():
    sleeper = asyncio.create_task(asyncio.sleep(30))  # LC201
    await asyncio.sleep(0)
    assert not sleeper.done()
