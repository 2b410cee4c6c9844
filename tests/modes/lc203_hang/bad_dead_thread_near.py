"""A thread fails that has nothing to do with the event: the wait itself is named."""

# name: ready
import asyncio
import threading

import pytest


def count(lines):
    return sum(int(line) for line in lines)


@pytest.mark.asyncio
async def test_the_feed_is_ready():
    ready = asyncio.Event()
    counting = threading.Thread(target=count, args=(["1", "two"],))
    counting.start()
    counting.join()
    async with asyncio.timeout(0.3):
        await ready.wait()  # LC203
