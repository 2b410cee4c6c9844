"""Time runs out, or somebody gives up, on the one loop of the test."""

import asyncio

import pytest


@pytest.mark.asyncio
async def test_wait_for():
    await asyncio.wait_for(asyncio.sleep(5), timeout=0.01)


@pytest.mark.asyncio
async def test_timeout():
    async with asyncio.timeout(0.01):
        await asyncio.Event().wait()


@pytest.mark.asyncio
async def test_queue():
    await asyncio.wait_for(asyncio.Queue().get(), timeout=0.01)


@pytest.mark.asyncio
async def test_cancelled():
    task = asyncio.create_task(asyncio.sleep(5))
    await asyncio.sleep(0)
    task.cancel()
    await task


@pytest.mark.asyncio
async def test_raised_by_hand():
    raise TimeoutError("the oven is slow")


@pytest.mark.asyncio
async def test_broken_barrier():
    barrier = asyncio.Barrier(2)
    await barrier.abort()
    await barrier.wait()
