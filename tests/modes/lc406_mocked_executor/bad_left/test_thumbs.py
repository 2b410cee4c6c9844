"""The patch is over, but the module's loop keeps the double that it was given; auto mode."""

# name: concurrent.futures.ThreadPoolExecutor

import asyncio
from unittest.mock import patch


def shrink(size):
    return size // 2


async def thumb(size):
    half = await asyncio.to_thread(shrink, size)
    return half


async def test_asks_the_pool():
    with patch("concurrent.futures.ThreadPoolExecutor") as pool:  # LC406
        answer = asyncio.get_running_loop().create_future()
        answer.set_result(None)
        pool.return_value.submit.return_value = answer
        await thumb(8)
        pool.return_value.submit.assert_called_once()


async def test_halves():
    assert await thumb(8) == 4
