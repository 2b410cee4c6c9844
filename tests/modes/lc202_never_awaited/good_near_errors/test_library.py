"""A failed test holds coroutines; pytest lets go of them in the next one, and fails it."""

import asyncio
import gc


class Library:
    def note(self):
        """Nothing."""


async def pay(fee):
    await asyncio.sleep(fee)


async def test_that_fails():
    fee = pay(0)
    waited = asyncio.sleep(0)
    assert fee is waited
    await asyncio.gather(fee, waited)


async def test_that_does_nothing_wrong():
    Library().note()
    gc.collect()
    await pay(0)
