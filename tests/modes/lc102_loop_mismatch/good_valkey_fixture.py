"""The client lives as long as the loop of its one test."""

import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture
async def cache():
    async with valkey.from_url(os.environ["VALKEY_URL"], decode_responses=True) as cache:
        yield cache


@pytest.mark.asyncio
async def test_ward_is_warmed_up(cache):
    await cache.hset("ward:3", mapping={"beds": 12})


@pytest.mark.asyncio
async def test_ward_has_beds(cache):
    await cache.hset("ward:3", mapping={"beds": 12})
    assert await cache.hget("ward:3", "beds") == "12"
