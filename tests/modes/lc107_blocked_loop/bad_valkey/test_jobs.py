"""The synchronous client waits for a job that a task of the same loop would push."""

import asyncio
import os

import pytest
import valkey


@pytest.fixture
def store():
    with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        yield store


async def produce(store):
    await asyncio.sleep(0)
    store.rpush("jobs", "1")


# name: store.blpop
async def test_worker_gets_the_job(store):
    producer = asyncio.create_task(produce(store))
    assert store.blpop("jobs", timeout=1) is not None  # LC107
    await producer
