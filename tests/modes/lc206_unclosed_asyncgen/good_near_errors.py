"""What an error or a cancellation ends is left on the way out: no line of the test's left it."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def rows():
    try:
        for row in range(3):
            yield row
    finally:
        await asyncio.sleep(0)


async def read(row):
    if row:
        raise ValueError(row)
    await asyncio.sleep(0)


async def read_all():
    async for row in rows():
        await read(row)
        if row == 2:
            break


async def test_error():
    with pytest.raises(ValueError):
        await read_all()


async def test_cancelled():
    task = asyncio.create_task(read_all())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_failing():
    async for row in rows():
        assert row == 1
