"""LC504: a lock released by somebody who does not hold it; there is one loop."""

import asyncio

import pytest

till = asyncio.Lock()


@pytest.mark.asyncio
async def test_lock_is_released_twice():
    async with till:
        till.release()


@pytest.mark.asyncio
async def test_future_is_driven_by_hand():  # RuntimeError: await wasn't used with future
    steps = iter(asyncio.get_running_loop().create_future().__await__())
    next(steps)
    next(steps)
