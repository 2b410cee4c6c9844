"""A poller at full speed: the timeout never fires, and the test stands still."""

# options: --loopcheck-hang=0.3
# name: asyncio.sleep

import asyncio

import pytest
from feed import Feed


@pytest.mark.asyncio
async def test_a_price_comes(no_pause):
    feed = Feed()
    polling = asyncio.create_task(feed.poll())
    async with asyncio.timeout(1):
        await feed.arrived.wait()
    polling.cancel()
