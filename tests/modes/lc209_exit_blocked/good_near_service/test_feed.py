"""The fixture stops the service after the test: its thread ends before the process does."""

import asyncio

import pytest
from feed import Feed


@pytest.fixture
def feed():
    feed = Feed()
    feed.start()
    yield feed
    feed.stop()


@pytest.mark.asyncio
async def test_lines_are_seen(feed):
    feed.lines.put("hello")
    await asyncio.to_thread(feed.lines.join)
    assert feed.seen == ["hello"]
