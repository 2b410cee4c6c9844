"""A hedged call returns with the first answer; the slow source is charged all the same."""
# name: Hedge._from

import asyncio
from unittest.mock import AsyncMock

import pytest
from quotes.hedge import Hedge


class Source:
    def __init__(self, name, delay):
        self.name, self.delay = name, delay

    async def price(self, symbol):
        await asyncio.sleep(self.delay)
        return len(symbol) * 10


@pytest.mark.asyncio
async def test_only_the_answer_is_paid():
    audit = AsyncMock()
    hedge = Hedge([Source("slow", 0.04), Source("quick", 0)], audit)
    assert await hedge.ask("ABC") == 30
    await asyncio.sleep(0.08)
    audit.paid.assert_awaited_once_with("quick", "ABC")
