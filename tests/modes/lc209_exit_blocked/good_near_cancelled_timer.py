"""The timer would go off in an hour, and the test cancels it."""

import threading

import pytest

held = set()


@pytest.mark.asyncio
async def test_a_lease_is_held():
    held.add("db")
    timer = threading.Timer(3600, held.discard, ["db"])
    timer.start()
    try:
        assert held == {"db"}
    finally:
        timer.cancel()
