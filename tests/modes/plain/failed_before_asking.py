"""Plain failures: what stands after the failing line would have awaited, cancelled and asked."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def fails():
    raise KeyError("user_id")


async def test_task_that_failed():
    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    assert 1 + 1 == 3
    await task


async def test_task_that_runs():
    task = asyncio.create_task(asyncio.sleep(10))
    assert 1 + 1 == 3
    task.cancel()


async def test_coroutine():
    coroutine = fails()
    assert 1 + 1 == 3
    await coroutine
