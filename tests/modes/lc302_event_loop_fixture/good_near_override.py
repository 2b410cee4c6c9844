"""An override that is in nobody's way: tests that pass, and tests that fail for other reasons."""

import asyncio

import pytest


@pytest.fixture(scope="session")
def event_loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def test_by_hand(event_loop):
    assert event_loop.run_until_complete(asyncio.sleep(0, 3)) == 3


@pytest.mark.asyncio
async def test_plain():
    assert await asyncio.sleep(0, 3) == 4


@pytest.mark.asyncio
async def test_own_words():
    raise RuntimeError("Event loop is closed")
