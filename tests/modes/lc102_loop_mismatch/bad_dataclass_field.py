"""A dataclass makes its queue itself: what the module keeps of it is the line to change."""

# name: hub.queue
import asyncio
from dataclasses import dataclass, field

import pytest


@dataclass
class Hub:
    name: str
    queue: asyncio.Queue = field(init=False)

    def __post_init__(self):
        self.queue = asyncio.Queue()


hub = Hub("orders")  # LC102


@pytest.mark.asyncio
@pytest.mark.parametrize("number", [1, 2])
async def test_order(number):
    coming = asyncio.create_task(hub.queue.get())
    await asyncio.sleep(0)
    await hub.queue.put(number)
    assert await coming == number
