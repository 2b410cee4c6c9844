"""Locks that are taken one by one, in the same order everywhere: one task waits for the other."""

# options: --loopcheck-hang=0.6

import asyncio

import pytest


async def take(locks):
    for one in locks:
        await one.acquire()
        await asyncio.sleep(0.5)
    for one in locks:
        one.release()


@pytest.mark.asyncio
async def test_both_at_once():
    locks = [asyncio.Lock(), asyncio.Lock()]
    await asyncio.gather(take(locks), take(locks))
