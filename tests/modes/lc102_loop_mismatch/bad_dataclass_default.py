"""A default in the body of a dataclass is made once: that is the line to change."""

# name: Hub.lock | hub.lock
import asyncio
from dataclasses import dataclass

import pytest


@dataclass
class Hub:
    name: str
    lock: asyncio.Lock = asyncio.Lock()  # LC102


async def held(hub):
    async with hub.lock:
        await asyncio.sleep(0)


@pytest.mark.asyncio
@pytest.mark.parametrize("number", [1, 2])
async def test_both_wait(number):
    hub = Hub(str(number))
    await asyncio.gather(held(hub), held(hub))
