"""The client lives on the module's loop, the tests on loops of their own."""

# name: client
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client():  # LC106
    client = valkey.from_url(os.environ["VALKEY_URL"])
    await client.ping()
    yield client
    await client.aclose()


@pytest.mark.asyncio
async def test_price_is_set(client):
    assert await client.set("price", 3)


@pytest.mark.asyncio
async def test_price_is_read(client):
    await client.get("price")
