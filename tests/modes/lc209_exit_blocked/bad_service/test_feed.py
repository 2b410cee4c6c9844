"""The service has a `stop`, which ends its thread: the test that starts it does not call it."""

# options: --loopcheck-hang=1
# name: Feed._read

import asyncio

import pytest
from feed import Feed


@pytest.mark.asyncio
async def test_lines_are_seen():
    feed = Feed()
    feed.start()  # LC209
    feed.lines.put("hello")
    await asyncio.to_thread(feed.lines.join)
    assert feed.seen == ["hello"]
