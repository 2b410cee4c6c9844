"""An earlier test's runner is in the sorted set to which this one adds its own."""

# name: track

import fakeredis
import pytest
import pytest_asyncio


@pytest.fixture(scope="module")
def track():  # LC505
    return fakeredis.FakeServer()


class Race:
    def __init__(self, redis):
        self.redis = redis

    async def finish(self, **seconds):
        await self.redis.zadd("times", seconds, lt=True)

    async def podium(self):
        return [name for name, _ in await self.redis.zrange("times", 0, 2, withscores=True)]


@pytest_asyncio.fixture
async def race(track):
    redis = fakeredis.FakeAsyncRedis(server=track, decode_responses=True)
    yield Race(redis)
    await redis.aclose()


@pytest.mark.asyncio
async def test_one_finishes(race):
    await race.finish(kim=11)
    assert await race.podium() == ["kim"]


@pytest.mark.asyncio
async def test_two_finish(race):
    await race.finish(max=13)
    await race.finish(lea=12)
    assert await race.podium() == ["lea", "max"]
