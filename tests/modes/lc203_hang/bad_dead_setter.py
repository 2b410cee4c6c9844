"""Who was to set the event has failed before it could; the test asks it only afterwards."""

# name: ready
import asyncio

import pytest


async def reader(lines, ready):
    for line in lines:
        int(line)  # LC203
    ready.set()


@pytest.mark.asyncio
async def test_the_feed_is_read():
    ready = asyncio.Event()
    reading = asyncio.create_task(reader(["1", "two"], ready))
    async with asyncio.timeout(0.3):
        await ready.wait()
    await reading
