"""A task has failed that has nothing to do with the event: it is not to blame for the hang."""

# name: ready
import asyncio

import pytest


async def count(lines):
    return sum(int(line) for line in lines)


@pytest.mark.asyncio
async def test_the_feed_is_read():
    ready = asyncio.Event()
    counting = asyncio.create_task(count(["1", "two"]))
    async with asyncio.timeout(0.3):
        await ready.wait()  # LC203
    await counting
