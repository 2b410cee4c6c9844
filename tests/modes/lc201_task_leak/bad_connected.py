"""A class method starts the task, puts it into the object and returns that: its caller ends it."""

import asyncio

import pytest


class Client:
    def __init__(self, source):
        self.source, self.inbox = source, []

    @classmethod
    async def connect(cls, source):
        client = cls(source)
        client._reading = asyncio.create_task(client._read())
        return client

    async def _read(self):
        while True:
            self.inbox.append(await self.source.get())

    async def close(self):
        self._reading.cancel()
        await asyncio.wait([self._reading])


# name: Client._read
@pytest.mark.asyncio
async def test_it_is_connected():
    client = await Client.connect(asyncio.Queue())  # LC201
    await asyncio.sleep(0)
    assert client.inbox == []
