"""A test's own tasks that it expects to be done: nothing that it has called ends others only."""

# other: LC201
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Client:
    def __init__(self):
        self.reader = asyncio.create_task(asyncio.sleep(60))
        self.refresher = None

    async def pause(self):
        await asyncio.sleep(0)

    async def stop(self):
        self.reader.cancel()
        if self.refresher.get_name() == "old":
            self.refresher.cancel()


async def test_a_call_that_ends_nothing():
    client = Client()
    client.refresher = asyncio.create_task(asyncio.sleep(60))
    await client.pause()
    assert client.refresher.done()


async def test_a_call_that_ends_it_sometimes():
    client = Client()
    client.refresher = asyncio.create_task(asyncio.sleep(60), name="new")
    await client.stop()
    assert client.refresher.cancelled()


async def test_a_task_that_no_object_keeps():
    client = Client()
    client.refresher = asyncio.create_task(asyncio.sleep(0), name="new")
    alone = asyncio.create_task(asyncio.sleep(60))
    await client.stop()
    assert alone.done()
