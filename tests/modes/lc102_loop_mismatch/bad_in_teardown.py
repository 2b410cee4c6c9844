"""The test passes; clearing up after it, on the loop of the function, fails."""

# name: store
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

store = valkey.from_url(os.environ["VALKEY_URL"])  # LC102


@pytest_asyncio.fixture(loop_scope="function")
async def cleared():
    yield
    await store.delete("shelf:8")


@pytest.mark.asyncio(loop_scope="module")
async def test_shelf_is_filled(cleared):
    assert await store.sadd("shelf:8", "jam") == 1
