"""Connections that a command had opened and given back are kept by subscriptions."""

# name: listener
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture
async def client():
    pool = valkey.ConnectionPool.from_url(os.environ["VALKEY_URL"], max_connections=3)
    yield valkey.Valkey(connection_pool=pool)
    await pool.disconnect()


async def hear(client):
    listener = client.pubsub()  # LC603
    await listener.subscribe("hall")
    return await client.publish("hall", "hello")


@pytest.mark.asyncio
async def test_all_hear(client):
    assert [await hear(client) for _ in range(4)] == [1, 2, 3, 4]
