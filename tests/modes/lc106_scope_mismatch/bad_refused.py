"""A wide fixture, and an ini that gives every fixture the loop of one test: ScopeMismatch."""

# name: store
import os

import pytest
import pytest_asyncio
import redis.asyncio as redis


@pytest_asyncio.fixture(scope="session")
async def store():  # LC106
    async with redis.from_url(os.environ["VALKEY_URL"]) as store:
        yield store


@pytest.mark.asyncio
async def test_stock_is_set(store):
    assert await store.set("stock", 5)


@pytest.mark.asyncio
async def test_stock_is_read(store):  # a bare AssertionError
    assert await store.get("stock") == b"5"
