"""An async generator of the user's own yields from a client of another loop."""

# name: feed.source
import os

import pytest
import valkey.asyncio as valkey


class Feed:
    def __init__(self, url):
        self.source = valkey.from_url(url)

    async def items(self):
        async for key in self.source.scan_iter("feed:*"):
            yield key


feed = Feed(os.environ["VALKEY_URL"])  # LC102


@pytest.mark.asyncio(loop_scope="module")
async def test_feed_is_filled():
    await feed.source.set("feed:1", "rain")
    assert b"feed:1" in [key async for key in feed.items()]


@pytest.mark.asyncio
async def test_feed_is_read():
    assert b"feed:1" in [key async for key in feed.items()]
