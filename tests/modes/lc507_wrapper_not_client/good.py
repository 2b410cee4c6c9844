"""The fixture gives the client itself; a wrapper is used by its own methods."""

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

    async def seat(self, key):
        return await self._client.setnx(key, 1)


@pytest_asyncio.fixture
async def wrapper():
    wrapper = ValkeyClient(os.environ["VALKEY_URL"])
    yield wrapper
    await wrapper._client.aclose()


@pytest_asyncio.fixture
async def client(wrapper):
    client = await wrapper.aconn()
    assert isinstance(client, Valkey)
    return client


async def test_the_client(client):
    assert await client.setnx("seat:1", 1)


async def test_the_wrapper(wrapper):
    assert await wrapper.seat("seat:2")
