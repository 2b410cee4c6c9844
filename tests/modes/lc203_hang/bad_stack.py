"""Two locks in two orders; one of the tasks holds its locks in an exit stack."""

# options: --loopcheck-hang=1
# name: desks['lamp'] | desks['chair']

import asyncio
from contextlib import AsyncExitStack

import pytest


async def close(desks):
    async with AsyncExitStack() as held:
        for name in sorted(desks):
            await held.enter_async_context(desks[name])  # LC203
            await asyncio.sleep(0)


async def move(desks):
    async with desks["lamp"]:
        await asyncio.sleep(0)
        async with desks["chair"]:  # LC203
            return "moved"


@pytest.mark.asyncio
async def test_both_at_once():
    desks = {"chair": asyncio.Lock(), "lamp": asyncio.Lock()}
    await asyncio.gather(close(desks), move(desks))
