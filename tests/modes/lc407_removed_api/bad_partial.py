"""A partial keeps the argument; the queue is made, and refuses it, lines away."""

# name: loop=
import asyncio
from collections import defaultdict
from functools import partial

import pytest


class Bus:
    def __init__(self):
        loop = asyncio.get_running_loop()
        self.topics = defaultdict(partial(asyncio.Queue, maxsize=10, loop=loop))  # LC407

    async def publish(self, topic, message):
        await self.topics[topic].put(message)


@pytest.mark.asyncio
async def test_published():
    bus = Bus()
    await bus.publish("news", 1)
    assert bus.topics["news"].qsize() == 1
