"""The loop is where the code runs; its scope is said in the mark and in the fixture."""

import asyncio
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def store():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as client:
        yield client, asyncio.get_running_loop()


async def test_ping(store):
    assert await store[0].ping()


async def test_one_loop(store):
    assert store[1] is asyncio.get_running_loop()
