"""The set-up of a class stands in its `event_loop`, which nothing requests any more."""

# name: event_loop
import asyncio

import pytest


class Till:
    def __init__(self, currency):
        self.currency = currency
        self.total = 0

    async def take(self, amount):
        await asyncio.sleep(0)
        self.total += amount


class TestTill:
    @pytest.fixture
    def event_loop(self):  # LC302
        self.till = Till("EUR")
        loop = asyncio.new_event_loop()
        yield loop
        loop.close()

    @pytest.mark.asyncio
    async def test_take(self):
        await self.till.take(3)
        assert self.till.total == 3
