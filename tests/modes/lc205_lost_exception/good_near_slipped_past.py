"""A test cancels a task whose callback asks for its result: the handler is right to let it pass."""

# other: LC205
import asyncio

import pytest

pytestmark = pytest.mark.asyncio
failed = []


async def work(seconds):
    try:
        await asyncio.sleep(seconds)
    except Exception as error:
        failed.append(error)


async def test_a_cancelled_task_has_not_failed():
    task = asyncio.create_task(work(60))
    task.add_done_callback(lambda one: one.cancelled() or one.result())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    assert failed == ["cancelled"]


async def test_it_waits_for_a_task_that_is_cancelled():
    inner = asyncio.create_task(asyncio.sleep(60))
    inner.cancel()
    with pytest.raises(asyncio.CancelledError):
        await inner
    assert failed == ["cancelled"]
