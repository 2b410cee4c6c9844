"""Errors in place of others: of a failure that is no cancellation, and as the test expects it."""

# other: LC207
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Failed(Exception):
    pass


async def work(gate, error=None):
    try:
        if error is not None:
            raise error
        await gate.wait()
    except (Exception, asyncio.CancelledError) as reason:
        raise Failed from reason


async def test_an_error_of_the_work():
    task = asyncio.create_task(work(asyncio.Event(), ValueError("no")))
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_it_fails_as_it_should_and_more_is_wrong():
    task = asyncio.create_task(work(asyncio.Event()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(Failed):
        await task
    assert task.cancelled() is None
