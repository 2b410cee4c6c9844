"""A counter on a real server is read, raised and written back."""

import asyncio
import os

import pytest
import valkey.asyncio as valkey


async def count(store, here):
    hits = int(await store.get("hits") or 0)  # LC211
    await here.wait()  # all have read by then
    await store.set("hits", hits + 1)


# name: store.get('hits')
@pytest.mark.asyncio
async def test_hits():
    here = asyncio.Barrier(3)
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        await asyncio.gather(*(count(store, here) for _ in range(3)))
        assert await store.get("hits") == b"3"
