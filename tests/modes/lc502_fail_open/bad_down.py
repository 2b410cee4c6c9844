"""The store is away, and nothing is written to a log: the handlers print, or say nothing at all."""

# name: Ban.allows | Ban.is_banned | Quota.permitted | Quota.allow | Limited.allowed
# findings: 5
import asyncio
import contextlib

import fakeredis
import pytest
import redis.asyncio as redis

pytestmark = pytest.mark.asyncio


class Ban:
    def __init__(self, store):
        self.store = store

    async def allows(self, ip):
        try:
            return not await self.store.sismember("ban", ip)
        except Exception as e:  # LC502
            print("down", e)
            return True

    async def is_banned(self, ip):
        try:
            return await self.store.sismember("ban", ip)
        except BaseException:  # LC502
            return 0


class Quota:
    def __init__(self, store):
        self.store = store

    async def used(self, user):
        return await self.store.incrby(f"quota:{user}")

    async def permitted(self, user):
        with contextlib.suppress(Exception):  # LC502
            if await self.used(user) > 1:
                return False
        return True

    async def allow(self, user):
        try:
            return await self.used(user) <= 0
        except Exception:  # LC502
            return True


class Limited(Quota):
    async def allowed(self, user):
        try:
            return await asyncio.wait_for(self.used(user), 5) <= 0
        except Exception:  # LC502
            return True


@pytest.fixture
def server():
    return fakeredis.FakeServer()


@pytest.fixture
def store(server):
    return fakeredis.FakeAsyncRedis(server=server)


async def test_nobody_listens():
    store = redis.Redis(port=1, retry=None)
    assert await Ban(store).allows("1") is False
    await store.aclose()


async def test_nobody_listens_to_a_quota():
    store = redis.Redis(port=1, retry=None)
    assert not await Quota(store).allow("ada")
    await store.aclose()


async def test_nobody_listens_in_time():
    store = redis.Redis(port=1, retry=None)
    assert await Limited(store).allowed("bob") is False
    await store.aclose()


async def test_two_are_too_many(server, store):
    server.connected = False
    await Quota(store).permitted("ada")
    assert not await Quota(store).permitted("ada")


async def test_banned(server, store):
    await store.sadd("ban", "1")
    server.connected = False
    assert await Ban(store).is_banned("1")
