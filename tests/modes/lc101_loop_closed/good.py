"""A client for each test, closed on the loop that it was used on."""

import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture
async def client():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as client:
        yield client


@pytest.mark.asyncio
async def test_price_is_stored(client):
    assert await client.set("price:rye", 3)


@pytest.mark.asyncio
async def test_price_is_read(client):
    assert await client.get("price:rye") == b"3"
