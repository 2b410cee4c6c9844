"""A synchronous fixture connects with the current loop, in the second test without one."""

# name: asyncio.get_event_loop
import asyncio
import os

import pytest
import valkey.asyncio as valkey


async def filled(url):
    async with valkey.from_url(url) as store:
        return await store.set("stock", 5)


@pytest.fixture
def stock():
    job = filled(os.environ["VALKEY_URL"])
    try:
        return asyncio.get_event_loop().run_until_complete(job)  # LC105
    finally:
        job.close()


@pytest.mark.asyncio
async def test_nothing_yet():
    pass


@pytest.mark.asyncio
async def test_stock(stock):
    assert stock
