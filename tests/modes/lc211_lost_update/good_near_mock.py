"""Awaiting a mock lets no other task run, so nothing comes between the read and the write."""

import asyncio
from unittest.mock import AsyncMock

import pytest


class Till:
    def __init__(self, price):
        self.total, self.price = 0, price

    async def scan(self, goods):
        self.total += await self.price(goods)


@pytest.mark.asyncio
async def test_a_basket():
    till = Till(AsyncMock(return_value=3))
    await asyncio.gather(till.scan("tea"), till.scan("rye"))
    assert till.total == 5
