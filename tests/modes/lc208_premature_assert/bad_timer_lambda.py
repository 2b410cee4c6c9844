"""A timer calls a lambda that sets one entry of a dict: the one that the line reads."""

# name: lamp["on"] | <lambda> | lambda

import asyncio

import pytest


@pytest.fixture
def switches():
    return {"on": False, "blinks": 0}


def switch_on(lamp):
    loop = asyncio.get_running_loop()
    loop.call_later(0.01, lambda: lamp.update(on=True))


@pytest.mark.asyncio
async def test_it_is_on(switches):
    switch_on(switches)
    await asyncio.sleep(0)
    assert switches["on"]  # LC208
