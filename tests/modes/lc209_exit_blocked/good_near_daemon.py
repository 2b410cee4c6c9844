"""The loop runs in a daemon thread: Python does not wait for it at exit."""

import asyncio
import threading

import pytest


@pytest.fixture
def background():
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return loop


async def double(number):
    return 2 * number


def test_a_call_from_another_thread(background):
    result = asyncio.run_coroutine_threadsafe(double(21), background)
    assert result.result(timeout=5) == 42
