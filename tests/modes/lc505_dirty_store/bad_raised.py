"""The counter of an earlier test makes the limiter refuse the first request of the next one."""
# name: redis

import fakeredis
import pytest
import pytest_asyncio

server = fakeredis.FakeServer()


class Refused(Exception):
    pass


async def allow(redis, who):
    used = await redis.incr(f"rate:{who}")
    if used > 2:
        raise Refused(who)
    return 2 - used


@pytest_asyncio.fixture
async def redis():  # LC505
    async with fakeredis.FakeAsyncRedis(server=server) as client:
        yield client


@pytest.mark.asyncio
async def test_counts_down(redis):
    assert [await allow(redis, "ada"), await allow(redis, "ada")] == [1, 0]


@pytest.mark.asyncio
async def test_the_third_is_refused(redis):
    await allow(redis, "ada")
    await allow(redis, "ada")
    with pytest.raises(Refused):
        await allow(redis, "ada")
