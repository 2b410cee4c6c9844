"""The keeper is handed a function, starts its coroutine, and forgets the task for the next."""

# name: crash

import asyncio

import pytest
from keep import Keeper


@pytest.mark.asyncio
async def test_it_is_started_anew():
    async def crash():
        raise ConnectionResetError("peer")

    async def run():
        await asyncio.sleep(5)

    keeper = Keeper()
    keeper.spawn("feed", crash)
    await asyncio.sleep(0.01)
    keeper.spawn("feed", run)
    await keeper.stop()
