import fakeredis
import pytest


class Till:
    def __init__(self, redis):
        self.redis = redis

    async def ring(self, cents):
        return await self.redis.incrby("till", cents)


@pytest.fixture
def make_redis():
    def make():
        return fakeredis.FakeAsyncRedis()

    return make


@pytest.fixture
def till(make_redis):
    return Till(make_redis)  # LC507
