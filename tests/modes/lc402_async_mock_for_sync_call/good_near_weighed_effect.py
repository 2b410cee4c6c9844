"""The answer of the side effect would have been as true as the coroutine, or can't be known."""

from unittest.mock import AsyncMock

import pytest

pytestmark = pytest.mark.asyncio


class Uploader:
    def __init__(self, store):
        self.store = store

    async def upload(self, key, body):
        meta = self.store.head(key)
        if meta:
            return "exists"
        return "stored"


def bucket(**have):
    store = AsyncMock()
    store.head.side_effect = lambda key: have.get(key)
    return store


class Rows(dict):
    def get(self, key):
        return key


async def test_it_is_there():
    assert await Uploader(bucket(a=b"1")).upload("a", b"") == "stored"


async def test_a_store_of_its_own_kind():
    rows, store = Rows(), AsyncMock()
    store.head.side_effect = lambda key: rows.get(key)
    assert await Uploader(store).upload("a", b"") == "stored"


async def test_it_raises():
    store = AsyncMock()
    store.head.side_effect = OSError
    assert await Uploader(store).upload("a", b"") == "stored"
