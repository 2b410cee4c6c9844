"""A subscription holds the only connection of the client's pool."""

# name: news
import os

import pytest
import pytest_asyncio
from valkey.asyncio import ConnectionPool, Valkey


@pytest_asyncio.fixture
async def client():
    pool = ConnectionPool.from_url(os.environ["VALKEY_URL"], max_connections=1)
    client = Valkey(connection_pool=pool)
    yield client
    await client.aclose()
    await pool.aclose()


@pytest.mark.asyncio
async def test_ping(client):
    news = client.pubsub()  # LC603
    await news.subscribe("news")
    assert await client.ping()
    await news.aclose()
