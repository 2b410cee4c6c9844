"""A `gather` returns the error of a call that the test, or the call itself, has cancelled."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def late():
    await asyncio.Event().wait()


class Jobs:
    def __init__(self):
        self.running = {}

    async def run(self, name, limit):
        job = self.running[name] = asyncio.create_task(late())
        try:
            return await asyncio.wait_for(asyncio.shield(job), limit)
        finally:
            job.cancel()

    async def limited(self, limit):
        return await asyncio.wait_for(late(), limit)


async def test_the_test_cancels_a_call():  # fails: by its own line
    jobs = Jobs()
    first = asyncio.create_task(jobs.run("first", 0.01))
    second = asyncio.create_task(jobs.run("second", 5))
    await asyncio.wait([first])
    second.cancel()
    one, other = await asyncio.gather(first, second, return_exceptions=True)
    assert isinstance(one, TimeoutError)
    assert other == "done"


async def test_a_call_gives_up():  # fails: the call raises it
    async def gives_up():
        raise asyncio.CancelledError

    one, other = await asyncio.gather(Jobs().limited(0.01), gives_up(), return_exceptions=True)
    assert isinstance(one, TimeoutError)
    assert other is None
