"""The test makes an object that keeps a session, and never calls the `stop()` that closes it."""

# name: feed

import aiohttp
import pytest


class Feed:
    def __init__(self, name):
        self.name = name
        self._http = aiohttp.ClientSession()

    async def stop(self, reason="done"):
        if not self._http.closed:
            await self._http.close()


@pytest.mark.asyncio
async def test_a_feed_has_a_name():
    feed = Feed("météo")  # LC307
    assert feed.name == "météo"
