"""A queue for each test, made where it is used."""

import asyncio

import pytest


@pytest.fixture
def orders():
    return asyncio.Queue()


async def serve(orders, dish):
    cook = asyncio.create_task(orders.get())
    await asyncio.sleep(0)
    await orders.put(dish)
    return await cook


@pytest.mark.asyncio
async def test_soup_is_served(orders):
    assert await serve(orders, "soup") == "soup"


@pytest.mark.asyncio
async def test_stew_is_served(orders):
    assert await serve(orders, "stew") == "stew"
