"""Bytes that the test itself writes out, for what works with a client as well."""

import fakeredis
import pytest

pytestmark = pytest.mark.asyncio


class Shelf:
    def __init__(self, store):
        self.store = store

    async def owner(self, raw):
        await self.store.ping()
        return "user:" + raw

    async def words(self, raw):
        await self.store.ping()
        return raw.split(" ")

    async def lines(self, raw):
        await self.store.ping()
        return raw.format("ada")


@pytest.fixture
def shelf():
    return Shelf(fakeredis.FakeAsyncRedis())


async def test_owner(shelf):  # fails: the test hands over bytes
    assert await shelf.owner(b"ada") == "user:ada"


async def test_words(shelf):  # fails
    assert await shelf.words(b"a b") == ["a", "b"]


async def test_lines(shelf):  # fails
    for raw in (b"{} is here", b"{} is away"):
        assert "ada" in await shelf.lines(raw)
