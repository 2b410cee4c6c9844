"""The code under test makes an error of its own out of it."""

# name: Feed.read
import asyncio

import pytest


class Feed:
    async def read(self):
        return []

    def news(self):
        try:
            return asyncio.run(self.read())  # LC103
        except Exception as error:
            raise ConnectionError("the feed is down") from error


@pytest.mark.asyncio
async def test_there_is_no_news():
    assert Feed().news() == []
