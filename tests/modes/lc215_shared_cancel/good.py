"""A shield keeps the task for the callers that still wait."""

import asyncio

import pytest


class Prices:
    def __init__(self):
        self.ready, self.task = asyncio.Event(), None

    async def fetch(self):
        await self.ready.wait()
        return {"tea": 3}

    async def load(self):
        if self.task is None:
            self.task = asyncio.create_task(self.fetch())
        return await asyncio.shield(self.task)


@pytest.mark.asyncio
async def test_prices_come_after_a_caller_gave_up():
    prices = Prices()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(prices.load(), 0.01)
    prices.ready.set()
    assert await prices.load() == {"tea": 3}
