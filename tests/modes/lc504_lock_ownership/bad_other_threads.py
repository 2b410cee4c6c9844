"""Made in the test, taken in one thread of an executor and released in another."""

# name: guard
import asyncio
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
import valkey


@pytest.fixture
def store():
    with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        yield store


@pytest.mark.asyncio
async def test_report(store):
    guard = store.lock("report", timeout=5)
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, "taker") as one, ThreadPoolExecutor(1, "giver") as two:
        assert await loop.run_in_executor(one, guard.acquire)
        await loop.run_in_executor(two, guard.release)  # LC504
