"""Who stops the listener of a real server waits for the cancellation to come through."""

import asyncio
import os

import pytest
import valkey.asyncio as valkey
from worker import Listener


@pytest.fixture
async def listener():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        listener = Listener(store)
        listener.start()
        while not listener.messages:
            await asyncio.sleep(0.01)
        yield listener


# findings: 1
# name: Listener.run
class TestListener:
    async def test_stop(self, listener):
        with pytest.raises(asyncio.CancelledError):
            await listener.stop()

    async def test_state(self, listener):
        await asyncio.gather(listener.stop(), return_exceptions=True)
        assert listener.task.cancelled()
