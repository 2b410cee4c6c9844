"""A wrong expectation while others write the same value again and again: they are not late."""

import asyncio
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


async def beat(store):
    while True:
        await store.set("alive", "1")


@pytest_asyncio.fixture
async def store():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        await store.set("alive", "1")
        beats = [asyncio.create_task(beat(store)) for _ in range(20)]
        yield store
        for task in beats:
            task.cancel()
        await asyncio.gather(*beats, return_exceptions=True)


@pytest.mark.asyncio
async def test_alive(store):
    for _ in range(5):
        assert await store.get("alive") == b"1"
    assert await store.get("alive") == b"2"
