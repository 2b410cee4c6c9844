"""A helper awaits the login as a task of its own, so that it has a name in the log."""

import asyncio
from contextvars import ContextVar

import pytest

session = ContextVar("session")


class Shop:
    def __init__(self):
        self.orders = []

    async def login(self, name):
        await asyncio.sleep(0)
        session.set({"user": name})

    async def order(self, goods):
        self.orders.append((session.get()["user"], goods))


# name: session
@pytest.mark.asyncio
async def test_an_order_has_a_user():
    shop = Shop()
    await asyncio.create_task(shop.login("ada"), name="login")  # LC214
    await shop.order("tea")
    assert shop.orders == [("ada", "tea")]
