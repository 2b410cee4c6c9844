"""The test's stream is fed a line without its end, and nothing ends the stream either."""

# name: reader | self.reader
import asyncio

import pytest


class Client:
    def __init__(self, reader):
        self.reader = reader

    async def greeting(self):
        return (await self.reader.readline()).decode().strip()


@pytest.mark.asyncio
async def test_the_greeting_is_read():
    reader = asyncio.StreamReader()
    reader.feed_data(b"220 ")
    reader.feed_data(b"ready")  # LC203
    assert await asyncio.wait_for(Client(reader).greeting(), 0.2) == "220 ready"
