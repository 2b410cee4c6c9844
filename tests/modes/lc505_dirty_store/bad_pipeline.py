"""Counted in a pipeline, and asked for later."""

import os

import pytest
import pytest_asyncio
from redis.asyncio import Redis


class Limiter:
    def __init__(self, redis):
        self.redis = redis

    async def hit(self, who):
        async with self.redis.pipeline() as pipe:
            pipe.incr(f"rate:{who}")
            pipe.expire(f"rate:{who}", 60)
            count, _ = await pipe.execute()
        return count


@pytest_asyncio.fixture
async def limiter():  # LC505
    redis = Redis.from_url(os.environ["VALKEY_URL"])
    yield Limiter(redis)
    await redis.aclose()


@pytest.mark.asyncio
async def test_hit(limiter):
    assert await limiter.hit("ada") == 1


# name: limiter.redis
@pytest.mark.asyncio
async def test_two_hits(limiter):
    counts = [await limiter.hit("ada") for _ in range(2)]
    assert counts == [1, 2]


@pytest.mark.asyncio
async def test_members(limiter):
    await limiter.redis.sadd("members", "ada")
    assert await limiter.redis.scard("members") == 1


@pytest.mark.asyncio
async def test_one_member(limiter):
    await limiter.redis.sadd("members", "eve")
    assert await limiter.redis.scard("members") == 1
