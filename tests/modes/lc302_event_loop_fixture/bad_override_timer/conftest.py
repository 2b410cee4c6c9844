import asyncio

import pytest


@pytest.fixture(scope="session")
def event_loop():  # LC302
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def timer(event_loop):
    state = {"ticks": 0}

    def tick():
        state["ticks"] += 1
        event_loop.call_later(0.005, tick)

    event_loop.call_soon(tick)
    return state
