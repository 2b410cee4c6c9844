"""Tasks of the test itself, one that is about to end, and one that has ended."""

# other: LC201
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Client:
    def __init__(self):
        self.reader = None

    async def open(self):
        self.reader = asyncio.create_task(asyncio.sleep(0))
        await asyncio.sleep(0.01)


async def test_its_own_task():
    client = Client()
    client.reader = asyncio.create_task(asyncio.sleep(0.01))
    try:
        assert client.reader is None
    finally:
        await client.reader


async def test_a_task_that_has_ended():
    client = Client()
    await client.open()
    assert client.reader is None


async def test_a_task_that_is_cancelled():
    client = Client()
    client.reader = asyncio.create_task(asyncio.sleep(60))
    client.reader.cancel()
    assert not client.reader
