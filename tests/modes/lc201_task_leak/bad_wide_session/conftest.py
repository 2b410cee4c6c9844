import asyncio

import pytest


class Outbox:
    def __init__(self):
        self.letters, self.closed = asyncio.Queue(), False

    async def take(self):
        if self.closed:
            raise ConnectionError("the outbox is closed")
        return await self.letters.get()

    async def close(self):
        self.closed = True


@pytest.fixture(scope="session")
async def outbox():
    outbox = Outbox()
    yield outbox
    await outbox.close()
