"""The fixture stops the loop after the test, waits for its thread, and closes it."""

import asyncio
import threading

import pytest


@pytest.fixture
def background():
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


async def double(number):
    return 2 * number


def test_a_call_from_another_thread(background):
    result = asyncio.run_coroutine_threadsafe(double(21), background)
    assert result.result(timeout=5) == 42
