"""A fixture runs an event loop in a thread of its own, and nothing stops that loop."""

# options: --loopcheck-hang=1
# name: BaseEventLoop.run_forever

import asyncio
import threading

import pytest


@pytest.fixture
def background():
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()  # LC209
    yield loop


async def double(number):
    return 2 * number


def test_a_call_from_another_thread(background):
    result = asyncio.run_coroutine_threadsafe(double(21), background)
    assert result.result(timeout=5) == 42
