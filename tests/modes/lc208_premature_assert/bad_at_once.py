"""The task needs a single step, and does not get it."""

import asyncio
from unittest.mock import AsyncMock

import pytest


class Shop:
    def __init__(self, mail):
        self.orders, self.mail = {}, mail

    def order(self, name):
        self.task = asyncio.create_task(self.save(name))

    async def save(self, name):
        self.orders[name] = "new"
        await self.mail.send(name)


# findings: 2
# name: shop.orders | mail.send | Shop.save
@pytest.mark.asyncio
async def test_order():
    shop = Shop(AsyncMock())
    shop.order("tea")
    assert shop.orders == {"tea": "new"}  # LC208


@pytest.mark.asyncio
async def test_mail():
    mail = AsyncMock()
    Shop(mail).order("tea")
    mail.send.assert_awaited_once()  # LC208
