"""Fixture and tests say the same loop scope, as wide as the fixture."""

import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client():
    client = valkey.from_url(os.environ["VALKEY_URL"])
    await client.ping()
    yield client
    await client.aclose()


async def test_price_is_set(client):
    assert await client.set("price", 3)


async def test_price_is_read(client):
    await client.get("price")
