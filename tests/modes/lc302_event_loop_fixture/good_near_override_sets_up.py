"""The override runs, or sets what the failing line does not miss, or what another line sets."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Till:
    def __init__(self, currency):
        self.currency = currency
        self.note = None


class TestTill:
    @pytest.fixture
    def event_loop(self):
        self.till = Till("EUR")
        loop = asyncio.new_event_loop()
        yield loop
        self.closed = True
        loop.close()

    async def test_requested(self, event_loop):
        assert self.till.currency == "USD"

    async def test_own_till(self):
        self.till = Till("GBP")
        assert self.till.currency == "EUR"

    async def test_after_the_test(self):
        assert self.closed

    async def test_another_attribute(self):
        self.box = Till("EUR")
        assert self.box.note.words == ["paid"]

    async def test_misspelt(self):
        assert self.tills == []
