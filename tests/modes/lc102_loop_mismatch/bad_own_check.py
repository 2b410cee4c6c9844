"""The client remembers its first loop, and refuses any other with an error of its own."""

import asyncio

import pytest


class WrongLoop(Exception):
    pass


class Feed:
    def __init__(self):
        self._loop = None

    async def read(self):
        self._loop = self._loop or asyncio.get_running_loop()
        if self._loop is not asyncio.get_running_loop():
            raise WrongLoop("make a new feed")
        return "news"


feed = Feed()  # LC102


@pytest.mark.asyncio
async def test_first():
    assert await feed.read() == "news"


# name: feed
@pytest.mark.asyncio
async def test_second():
    assert await feed.read() == "news"
