"""A feed reconnects when it fails. Its clean-up awaits the task that runs the clean-up."""

import asyncio

import pytest


class Feed:
    def __init__(self):
        self.open = False
        self.reader = None

    def connect(self):
        self.open = True
        self.reader = asyncio.create_task(self.read())

    async def read(self):
        try:
            await asyncio.sleep(0)
            raise ConnectionError("reset by peer")
        except ConnectionError:
            await self.disconnect()

    async def disconnect(self):
        self.open = False
        await self.reader  # LC215


# name: self.reader
@pytest.mark.asyncio
async def test_a_broken_feed_is_closed():
    feed = Feed()
    feed.connect()
    await feed.reader
    assert not feed.open
