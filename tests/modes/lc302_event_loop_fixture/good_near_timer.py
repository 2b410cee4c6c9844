"""An override's loop whose timers are not due, or change what nobody asks for."""

import asyncio

import pytest


@pytest.fixture
def event_loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture
def lamp(event_loop):
    lamp = {"on": False, "blinks": 0}
    event_loop.call_later(60, lamp.update, {"on": True})
    event_loop.call_soon(lambda: lamp.update(blinks=1))
    return lamp


@pytest.mark.asyncio
async def test_it_is_on(lamp):
    await asyncio.sleep(0)
    assert lamp["on"] is True
