"""An autouse fixture connects what the code under test keeps in a module."""

# name: store
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

store = valkey.from_url(os.environ["VALKEY_URL"])


@pytest_asyncio.fixture(scope="session", loop_scope="session", autouse=True)
async def connected():  # LC106
    await store.ping()


@pytest.mark.asyncio
async def test_stock_is_set():
    assert await store.set("stock", 5)
