"""The test names the fixture and does not ask for it: it gets the definition."""

# name: store
import os

import pytest
import pytest_asyncio
from valkey.asyncio import Valkey


@pytest_asyncio.fixture
async def store():
    async with Valkey.from_url(os.environ["VALKEY_URL"]) as client:
        yield client


@pytest.mark.asyncio
async def test_a_value():
    await store.set("answer", "42")  # LC507
    assert await store.get("answer") == b"42"
