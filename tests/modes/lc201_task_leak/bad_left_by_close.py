"""A test starts the refresh task of a client by hand. `stop` cancels the reader only."""

# name: Client.refresh
import asyncio

import pytest


class Client:
    def __init__(self):
        self.reader = self.refresher = None
        self.asleep = asyncio.Event()

    async def start(self):
        self.reader = asyncio.create_task(self.asleep.wait())

        async def stop():  # LC201
            self.reader.cancel()
            await asyncio.gather(self.reader, return_exceptions=True)

        return stop

    async def refresh(self):
        await self.asleep.wait()


@pytest.mark.asyncio
async def test_stop_ends_the_refresh():
    client = Client()
    stop = await client.start()
    client.refresher = asyncio.create_task(client.refresh())
    await asyncio.sleep(0)
    refreshing = client.refresher
    assert not refreshing.done()
    await stop()
    assert refreshing.done()
