"""All tests pass, and none of them runs on the loop that conftest.py makes for them."""
# passes
# name: event_loop

import asyncio

import pytest


@pytest.mark.asyncio
async def test_a_price():
    assert await asyncio.sleep(0, 3) == 3


def test_without_a_loop():
    assert max(3, 4) == 4
