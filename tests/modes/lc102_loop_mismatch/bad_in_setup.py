"""The failure is in the set-up of a fixture: the test itself never runs."""

# name: store
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

store = valkey.from_url(os.environ["VALKEY_URL"])  # LC102


@pytest_asyncio.fixture
async def clean_shelf():
    await store.delete("shelf:7")


@pytest.mark.asyncio(loop_scope="module")
async def test_shelf_is_filled():
    assert await store.sadd("shelf:7", "jam") == 1
    assert await store.delete("shelf:7") == 1


@pytest.mark.asyncio
async def test_shelf_is_empty(clean_shelf):
    assert await store.scard("shelf:7") == 0
