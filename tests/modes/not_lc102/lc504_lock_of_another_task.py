"""LC504: a lock released by somebody who does not hold it; there is one loop."""

import asyncio

import pytest

till = asyncio.Lock()


@pytest.mark.asyncio
async def test_lock_is_released_twice():
    async with till:
        till.release()


@pytest.mark.asyncio
async def test_future_is_awaited_twice_at_once():
    future = asyncio.get_running_loop().create_future()
    future._asyncio_future_blocking = True
    await future
