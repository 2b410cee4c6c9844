"""A loop of its own does not help: the thread has one that runs."""

# name: count
import asyncio

import pytest


async def count():
    return 3


def count_now():
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(count())  # LC103
    finally:
        loop.close()


@pytest.mark.asyncio(loop_scope="module")
async def test_count():
    assert count_now() == 3
