"""Functions that have their one statement beside the `def`."""

# name: store
# fmt: off
# ruff: noqa: E701, E702
import fakeredis
import pytest

pytestmark = pytest.mark.asyncio


class Shelf:
    def __init__(self, store): self.store = store

    async def owner(self, user): return "user:" + await self.store.get(user)

    async def fresh(self):
        async with self.store: return {k for k in await self.store.keys() if k.startswith("x_")}


@pytest.fixture
def store():
    return fakeredis.FakeAsyncRedis()  # LC508


async def test_owner(store):
    await store.set("ada", "7")
    shelf = Shelf(store); assert await shelf.owner("ada") == "user:7"


async def test_fresh(store):
    await store.set("x_1", "7"); await store.set("y", "8")
    assert await Shelf(store).fresh() == {"x_1"}
