"""Each call makes a Lock object of its own."""

import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


class Jobs:
    def __init__(self, client):
        self.client = client

    def lock(self, name):
        return self.client.lock(f"job:{name}", timeout=5)

    async def begin(self, name):
        return await self.lock(name).acquire()

    async def end(self, name):
        await self.lock(name).release()  # LC504


@pytest_asyncio.fixture
async def jobs():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as client:
        yield Jobs(client)


# name: self.lock(…)
@pytest.mark.asyncio
async def test_one_job(jobs):
    assert await jobs.begin("mail")
    await jobs.end("mail")
