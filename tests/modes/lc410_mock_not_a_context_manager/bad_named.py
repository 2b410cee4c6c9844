"""The fake's coroutine has a name before it is entered, or iterated."""

# findings: 2

import pytest


class Guarded:
    def __init__(self, redis):
        self.redis = redis

    async def bump(self, key):
        lock = self.redis.lock(f"lock:{key}", timeout=3)
        async with lock:
            return await self.redis.incr(key)

    async def first(self, topic):
        events = self.redis.listen(topic)
        async for event in events:
            return event


class FakeRedis:
    async def lock(self, name, timeout=None):  # LC410
        return FakeRedis()

    async def listen(self, topic):  # LC410
        return [topic]

    async def incr(self, key):
        return 1

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        pass


# name: FakeRedis.lock | FakeRedis.listen
@pytest.mark.asyncio
async def test_bump():
    assert await Guarded(FakeRedis()).bump("a") == 1


@pytest.mark.asyncio
async def test_first():
    assert await Guarded(FakeRedis()).first("a") == "a"
