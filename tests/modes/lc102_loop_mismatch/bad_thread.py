"""The test's own loop waits; a thread with a loop of its own uses the test's client."""

# name: stock
import asyncio
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture
async def stock():  # LC102
    async with valkey.from_url(os.environ["VALKEY_URL"]) as stock:
        await stock.set("stock:nails", 100)
        yield stock


def report(stock):
    return asyncio.run(stock.get("stock:nails"))


@pytest.mark.asyncio
async def test_report_is_written_in_a_thread(stock):
    assert await asyncio.to_thread(report, stock) == b"100"
