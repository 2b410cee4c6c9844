"""An `async for` that goes on for longer than the limit, and gives way."""

# options: --loopcheck-hang=0.3

import asyncio

import pytest


async def ticks():
    for number in range(60):
        await asyncio.sleep(0.01)
        yield number


@pytest.mark.asyncio
async def test_ticks():
    assert [tick async for tick in ticks()][-1] == 59
    async for tick in ticks():
        assert tick < 60
