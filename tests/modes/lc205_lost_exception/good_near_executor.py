"""What a thread raises is asked for, or would have been but for the line that failed."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


def write(row):
    return row["id"]


async def test_it_is_awaited():
    with pytest.raises(KeyError):
        await asyncio.get_running_loop().run_in_executor(None, write, {})


async def test_it_is_gathered():
    loop = asyncio.get_running_loop()
    futures = [loop.run_in_executor(None, write, row) for row in ({}, {"id": 1})]
    assert isinstance((await asyncio.gather(*futures, return_exceptions=True))[0], KeyError)


async def test_fails_before_it_asks():
    future = asyncio.get_running_loop().run_in_executor(None, write, {})
    await asyncio.sleep(0.02)
    assert future.done() is False
    await future
