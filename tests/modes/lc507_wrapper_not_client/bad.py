"""The fixture gives the project's wrapper; the code under test wants the client in it."""

# name: client
import os

import pytest
import pytest_asyncio
from valkey.asyncio import Valkey

pytestmark = pytest.mark.asyncio


class ValkeyClient:
    def __init__(self, url):
        self._client = Valkey.from_url(url)

    async def aconn(self):
        return self._client

    async def close(self):
        await self._client.aclose()


async def take(client, key):
    return await client.setnx(key, 1)


@pytest_asyncio.fixture
async def client():
    wrapper = ValkeyClient(os.environ["VALKEY_URL"])
    yield wrapper  # LC507
    await wrapper.close()


async def test_a_free_seat_is_taken(client):
    assert await take(client, "seat:1")


async def test_a_taken_seat_is_not(client):
    assert not await take(client, "seat:1")
