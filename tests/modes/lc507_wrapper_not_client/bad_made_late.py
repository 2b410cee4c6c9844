"""The container makes its client when it is asked for the first time: until then it has none."""

# name: box | self.store
# findings: 2

import fakeredis
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


class Container:
    def __init__(self):
        self._store = None

    async def store(self):
        if self._store is None:
            self._store = fakeredis.FakeAsyncRedis(decode_responses=True)
        return self._store


class Session:
    def __init__(self, store):
        self.store = store

    async def put(self, key, value):
        await self.store.setex(key, 60, value)
        return await self.store.get(key)


@pytest.fixture
def box():
    return Container()


@pytest_asyncio.fixture
async def session(box):
    return Session(box.store())  # LC507


async def test_the_call_is_not_awaited(session):
    assert await session.put("ada", "7") == "7"


async def test_the_container_itself(box):
    session = Session(box)  # LC507
    assert await session.put("ada", "7") == "7"
