"""Tests that fail for other reasons, before the line that awaits what an AsyncMock returned."""

import asyncio
from unittest import mock

import pytest

pytestmark = pytest.mark.asyncio


class Shop:
    def __init__(self, client):
        self.client = client
        self.order = None
        self.orders = []

    def ask(self):
        self.order = self.client.order()

    async def answer(self):
        return await self.order

    def prepare(self):
        return self.client.order()

    def collect(self, fruits):
        self.orders = [self.client.order(one) for one in fruits]

    async def deliver(self):
        return await asyncio.gather(*self.orders)


async def test_an_attribute_is_awaited_later():
    shop = Shop(mock.AsyncMock())
    shop.ask()
    assert shop.client.paid == 3
    await shop.answer()


async def test_a_name_is_awaited_later():
    shop = Shop(mock.AsyncMock())
    order = shop.client.order()
    assert shop.client.paid == 3
    await order


async def test_the_caller_gets_it():
    shop = Shop(mock.AsyncMock())
    order = shop.prepare()
    assert shop.client.paid == 3
    await order


async def test_a_list_of_them_is_gathered_later():
    shop = Shop(mock.AsyncMock())
    shop.collect(["plum", "fig"])
    assert shop.client.paid == 3
    await shop.deliver()


async def test_a_task_runs_it():
    shop = Shop(mock.AsyncMock())
    task = asyncio.ensure_future(shop.client.order())
    assert shop.client.paid == 3
    await task
