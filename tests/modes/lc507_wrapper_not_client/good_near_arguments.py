"""Arguments are missing, of a client's method and of a plain class's: nothing stands in for it."""

import fakeredis
import pytest

pytestmark = pytest.mark.asyncio


class Counter:
    def incr(self, name):
        return name


class Votes:
    def __init__(self, kv):
        self.kv = kv

    async def vote(self):
        return await self.kv.incr()


async def test_a_clients_method():
    await Votes(fakeredis.FakeAsyncRedis()).vote()


async def test_a_class_that_is_no_clients():
    await Votes(Counter).vote()


async def test_an_object_of_the_class():
    kv = fakeredis.FakeAsyncRedis
    await kv().set("a")
