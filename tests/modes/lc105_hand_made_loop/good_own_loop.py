"""A loop made by hand, run and closed by hand, with all that belongs to it."""

import asyncio

import pytest


@pytest.fixture
def loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def test_price(loop):
    future = loop.create_future()
    loop.call_soon(future.set_result, 3)
    assert loop.run_until_complete(future) == 3


@pytest.mark.asyncio
async def test_loops_may_be_looked_up():
    assert asyncio.get_event_loop() is asyncio.get_running_loop()
