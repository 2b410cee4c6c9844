"""Containers that make a client late: what they were given first is none, or all is well."""

import fakeredis
import pytest

pytestmark = pytest.mark.asyncio


class Container:
    def __init__(self, store=None):
        self._store = store

    async def store(self):
        if self._store is None:
            self._store = fakeredis.FakeAsyncRedis(decode_responses=True)
        return self._store

    async def drop(self):
        return await self.remove()


class Session:
    def __init__(self, store):
        self.store = store

    async def put(self, key, value):
        await self.store.setex(key, 60, value)
        return await self.store.get(key)


class Table:
    def put(self, key, value):
        return value


@pytest.fixture
def box():
    return Container()


async def test_it_is_awaited(box):
    assert await Session(await box.store()).put("ada", "7") == "7"


async def test_it_has_a_table():  # fails: of a client nothing is known here
    assert await Session(Container(Table())).put("ada", "7") == "7"


async def test_a_method_that_it_has_not(box):  # fails
    assert await box.drop() == 0


async def test_asked_by_the_test(box):  # fails
    assert await box.sismember("ada", "7")
