import asyncio

import pytest_asyncio


class Client:
    def __init__(self):
        self.pending = {}
        self.inbox = asyncio.Queue()

    async def read(self):
        while True:
            key = await self.inbox.get()
            self.pending.pop(key).set_result(key.upper())

    async def ask(self, key):
        self.pending[key] = asyncio.get_running_loop().create_future()
        self.inbox.put_nowait(key)
        async with asyncio.timeout(0.3):
            return await self.pending[key]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def settings():
    return {"retries": 3}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def client(settings):
    made = Client()
    reader = asyncio.create_task(made.read())
    yield made
    reader.cancel()
