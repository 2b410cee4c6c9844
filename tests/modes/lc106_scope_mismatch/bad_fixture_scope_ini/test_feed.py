"""No ini at all: the loop of a fixture is as wide as the fixture."""

# name: feed | self.feed
import asyncio

import pytest


class TestFeed:
    @pytest.fixture(scope="class")
    async def feed(self):  # LC106
        return asyncio.get_running_loop().create_future()

    async def test_news(self, feed):
        feed.get_loop().call_later(0.01, feed.set_result, "rain")
        assert await feed == "rain"
