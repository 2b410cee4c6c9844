"""A task takes locks in an order of its own, and waits for one that another has."""

# options: --loopcheck-hang=1
# name: one

import asyncio

import pytest


async def take(locks, *, backwards):
    for one in sorted(locks, key=id, reverse=backwards):
        await one.acquire()  # LC203
        await asyncio.sleep(0)
    for one in locks:
        one.release()


@pytest.mark.asyncio
async def test_both_at_once():
    locks = [asyncio.Lock(), asyncio.Lock()]
    await asyncio.gather(take(locks, backwards=False), take(locks, backwards=True))
