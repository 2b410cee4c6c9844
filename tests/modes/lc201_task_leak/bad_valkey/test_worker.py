"""A worker of the code under test waits for jobs of a real server, for ever."""

import asyncio
import os

import pytest
import valkey.asyncio as valkey
from worker import Worker


# name: Worker.listen
@pytest.mark.asyncio
async def test_job():
    store = valkey.from_url(os.environ["VALKEY_URL"])
    worker = Worker(store)
    await store.rpush("jobs", "1")
    await asyncio.sleep(0.05)
    assert worker.done == [b"1"]
