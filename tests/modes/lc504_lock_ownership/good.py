"""One object takes and releases, and lives longer than the work."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
import pytest_asyncio
import valkey
import valkey.asyncio


@pytest_asyncio.fixture
async def client():
    async with valkey.asyncio.from_url(os.environ["VALKEY_URL"]) as client:
        yield client


@pytest.mark.asyncio
async def test_long_enough(client):
    async with client.lock("nightly", timeout=5):
        await asyncio.sleep(0.05)


@pytest.mark.asyncio
async def test_renewed(client):
    lock = client.lock("long", timeout=0.5)
    async with lock:
        await lock.extend(5)
        await asyncio.sleep(0.01)
        await lock.reacquire()


def test_it_wanders_between_threads():
    with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        lock = store.lock("report", timeout=5, thread_local=False)
        with ThreadPoolExecutor() as pool:
            assert pool.submit(lock.acquire).result()
        lock.release()


@pytest.mark.asyncio
async def test_asyncio_lock():
    lock = asyncio.Lock()
    async with lock:
        assert lock.locked()
