"""A condition that would accept a cancellation, and a handler that never gets one."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Retry:
    def __init__(self, *final):
        self.final = final

    def again(self, error):
        return not isinstance(error, self.final)

    async def call(self, work):
        kept = None
        while kept is None or self.again(kept):
            try:
                return await work()
            except Exception as error:
                kept = error
        raise kept


async def slow():
    await asyncio.sleep(1)


async def test_a_limit_ends_it():  # fails: it waits for another error
    with pytest.raises(KeyError):
        await asyncio.wait_for(Retry(ValueError).call(slow), 0.01)


async def test_a_cancellation_ends_it():  # fails: for the same reason
    task = asyncio.create_task(Retry(ValueError).call(slow))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(KeyError):
        await task
