"""Two fakes of one server share their data."""

import fakeredis
import pytest
import pytest_asyncio

server = fakeredis.FakeServer()


class Sessions:
    def __init__(self, redis):
        self.redis = redis

    async def begin(self, user):
        return bool(await self.redis.set(f"session:{user}", "open", nx=True, ex=60))


@pytest_asyncio.fixture
async def sessions():  # LC505
    redis = fakeredis.FakeAsyncRedis(server=server)
    yield Sessions(redis)
    await redis.aclose()


@pytest.mark.asyncio
async def test_begins(sessions):
    assert await sessions.begin("ada")


# name: sessions.redis
@pytest.mark.asyncio
async def test_begins_once(sessions):
    began = await sessions.begin("ada")
    assert began
    assert not await sessions.begin("ada")
