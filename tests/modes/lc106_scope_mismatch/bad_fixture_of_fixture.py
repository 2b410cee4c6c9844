"""Test and pool share the session's loop; the fixture between them is on another."""

# name: store
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def store():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        await store.ping()
        yield store


@pytest_asyncio.fixture
async def clean(store):  # LC106
    await store.flushdb()
    return store


@pytest.mark.asyncio(loop_scope="session")
async def test_store_is_empty(clean):
    assert await clean.dbsize() == 0
