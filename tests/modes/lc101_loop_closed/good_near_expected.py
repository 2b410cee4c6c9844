"""A closed loop is met on purpose; then the test fails for a reason of its own."""

import asyncio

import pytest


def test_loop_refuses_to_run():
    loop = asyncio.new_event_loop()
    loop.close()
    with pytest.raises(RuntimeError, match="closed"):
        loop.run_forever()
    assert loop.is_running()
