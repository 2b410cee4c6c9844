"""A fixture that sets a policy for what it starts itself, and a failure beside it."""

import asyncio

import pytest


@pytest.fixture
def other_policy():
    old = asyncio.get_event_loop_policy()
    asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())
    yield
    asyncio.set_event_loop_policy(old)


def test_synchronous(other_policy):
    assert asyncio.run(asyncio.sleep(0, 2)) == 3


@pytest.mark.asyncio
async def test_asynchronous(other_policy):
    loop = asyncio.get_running_loop()
    assert loop.time() < 0
