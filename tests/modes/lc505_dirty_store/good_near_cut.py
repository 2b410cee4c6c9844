"""A store that is cut off after it answered once: only what it answered was written."""

import fakeredis
import pytest
import redis

SERVER = fakeredis.FakeServer()


@pytest.fixture
def client():
    SERVER.connected = True
    client = fakeredis.FakeAsyncRedis(server=SERVER)
    return client


async def bump(client, key):
    try:
        return await client.incr(key)
    except redis.ConnectionError:
        return 1


@pytest.mark.asyncio
async def test_cut_off(client):
    await client.set("mode", "fast")
    SERVER.connected = False
    assert await bump(client, "hits") == 1


@pytest.mark.asyncio
async def test_cut_off_wrong(client):  # fails
    SERVER.connected = False
    assert await bump(client, "hits") == 2
