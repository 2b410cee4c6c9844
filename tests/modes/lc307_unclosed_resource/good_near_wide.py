"""A client for the whole session, closed at its end; and a module's own, that nobody closes."""

import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

client = valkey.from_url(os.environ["VALKEY_URL"])  # for the whole run, on purpose
pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def store():
    store = valkey.from_url(os.environ["VALKEY_URL"])
    yield store
    await store.aclose()


class TestCart:
    async def test_one(self, store):
        assert await store.ping()
        assert await client.ping()


async def test_two(store):
    assert await store.ping()
    assert await client.ping()
