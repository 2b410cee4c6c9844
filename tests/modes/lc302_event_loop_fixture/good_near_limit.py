"""An override of the session, and tests that run into their limits: nobody was to help them."""

import asyncio

import pytest
import pytest_asyncio


@pytest.fixture(scope="session")
def event_loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def clock():
    async def ticks():
        while True:
            await asyncio.sleep(0.01)

    task = asyncio.create_task(ticks())
    yield task
    task.cancel()


@pytest.mark.asyncio
async def test_the_slow_answer(clock):
    assert await asyncio.wait_for(asyncio.sleep(3, 4), 0.05) == 4


@pytest.mark.asyncio
async def test_the_sum(clock):
    await asyncio.sleep(0)
    assert sum([1, 2]) == 4


def test_that_requests_it(event_loop):
    assert not event_loop.is_running()
