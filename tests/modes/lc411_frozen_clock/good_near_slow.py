"""A wait that takes as long as the limit, by the loop's own clock."""

# options: --loopcheck-hang=1

import asyncio

import pytest


@pytest.mark.asyncio
async def test_slow():
    await asyncio.sleep(0.8)


@pytest.mark.asyncio
async def test_too_slow():
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await asyncio.sleep(5)
