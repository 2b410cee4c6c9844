"""A hedged call returns with the first answer; the slow source is charged all the same."""
# name: Hedge._from

import asyncio
from unittest.mock import AsyncMock

import pytest
from quotes.hedge import Hedge


class Source:
    def __init__(self, name, ready):
        self.name, self.ready = name, ready

    async def price(self, symbol):
        await self.ready.wait()
        return len(symbol) * 10


@pytest.mark.asyncio
async def test_only_the_answer_is_paid():
    late, now, audit = asyncio.Event(), asyncio.Event(), AsyncMock()
    now.set()
    hedge = Hedge([Source("slow", late), Source("quick", now)], audit)
    assert await hedge.ask("ABC") == 30
    late.set()
    await asyncio.sleep(0.01)
    audit.paid.assert_awaited_once_with("quick", "ABC")
