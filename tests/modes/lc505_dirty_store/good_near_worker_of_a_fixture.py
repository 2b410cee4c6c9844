"""A worker that a fixture starts writes what all tests are to find; a sum is plainly wrong."""

import asyncio
import os

import pytest
import pytest_asyncio
from valkey.asyncio import Valkey


@pytest_asyncio.fixture
async def stocked():
    client = Valkey.from_url(os.environ["VALKEY_URL"])

    async def stock():
        await client.set("stock:tea", 5)

    await asyncio.create_task(stock())
    yield client
    await client.aclose()


@pytest.mark.asyncio
async def test_there_is_tea(stocked):
    assert int(await stocked.get("stock:tea")) == 5


@pytest.mark.asyncio
async def test_there_is_more_tea(stocked):
    assert int(await stocked.get("stock:tea")) == 6
