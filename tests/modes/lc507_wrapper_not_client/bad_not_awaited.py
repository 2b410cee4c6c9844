"""The client is asked for and not awaited, or not even asked for."""

# name: wrapper.aconn() | wrapper.aconn | connection | open_store | coroutine | client
# findings: 3
import os

import pytest
import pytest_asyncio
from redis.asyncio import Redis

pytestmark = pytest.mark.asyncio


class Wrapper:
    def __init__(self):
        self._redis = Redis.from_url(os.environ["VALKEY_URL"])

    async def aconn(self):
        return self._redis


class Limiter:
    def __init__(self, client):
        self.client = client

    async def used(self, key):
        return await self.client.incr(key)


@pytest_asyncio.fixture
async def wrapper():
    wrapper = Wrapper()
    yield wrapper
    await wrapper._redis.aclose()


async def test_a_coroutine_is_handed_over(wrapper):
    client = wrapper.aconn()  # LC507
    limiter = Limiter(client)
    assert await limiter.used("a") == 1


async def test_a_method_is_handed_over(wrapper):
    limiter = Limiter(wrapper.aconn)  # LC507
    assert await limiter.used("b") == 1


async def test_it_is_asked_at_once(wrapper):
    connection = wrapper.aconn()  # LC507
    await connection.expire("a", 10)
