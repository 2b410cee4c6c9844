"""A wrong expectation while others write the same value again and again: they are not late."""

import asyncio
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


async def beat(store, over):
    while not over.is_set():
        await store.set("alive", "1")


@pytest_asyncio.fixture
async def store():
    over = asyncio.Event()
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        await store.set("alive", "1")
        beats = [asyncio.create_task(beat(store, over)) for _ in range(10)]
        yield store
        over.set()
        await asyncio.gather(*beats)


@pytest.mark.asyncio
async def test_alive(store):
    for _ in range(5):
        assert await store.get("alive") == b"1"
    assert await store.get("alive") == b"2"
