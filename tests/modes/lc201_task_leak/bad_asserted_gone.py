"""A client starts its reader, then connects. A cancelled connect leaves the reader running."""

# name: Client._read
import asyncio

import pytest


class Client:
    def __init__(self, connected):
        self.connected, self.reader = connected, None

    async def open(self):
        self.reader = asyncio.create_task(self._read())  # LC201
        await self.connected.wait()

    async def close(self):
        self.reader.cancel()
        await asyncio.gather(self.reader, return_exceptions=True)
        self.reader = None

    async def _read(self):
        while True:
            await asyncio.sleep(0.01)


@pytest.mark.asyncio
async def test_a_cancelled_open_leaves_nothing():
    client = Client(asyncio.Event())
    opening = asyncio.create_task(client.open())
    await asyncio.sleep(0)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert not client.reader
