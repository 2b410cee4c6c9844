"""One-line functions that fail beside a client; it answers well, or has nothing to do with it."""

# fmt: off
# ruff: noqa: E702
import fakeredis
import pytest

pytestmark = pytest.mark.asyncio


class Shelf:
    def __init__(self, store): self.store = store

    async def owner(self, user): return "user:" + (await self.store.get(user)).decode()

    def size(self, sizes): return "size:" + len(sizes)


async def test_owner():
    store = fakeredis.FakeAsyncRedis(); await store.set("ada", "7")
    assert await Shelf(store).owner("ada") == "user:7"


async def test_size():  # fails: that is a number
    shelf = Shelf(fakeredis.FakeAsyncRedis()); assert shelf.size([b"7"]) == "size:1"
