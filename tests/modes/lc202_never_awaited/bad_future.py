"""A future or a task stands where its result should be."""

# findings: 6
# name: prices | asyncio.gather(…) | first | found | rows | shop.stock
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def price(fruit):
    await asyncio.sleep(0)
    return len(fruit)


async def counted():
    return {"plum": 2}


class Shop:
    def __init__(self):
        self.stock = None

    def open(self):
        self.stock = asyncio.get_running_loop().create_task(counted())

    def later(self):
        return asyncio.ensure_future(counted())


async def test_prices_are_gathered():
    prices = asyncio.gather(price("fig"), price("plum"))  # LC202
    assert prices == [3, 4]


async def test_prices_are_compared_at_once():
    assert asyncio.gather(price("fig")) == [3]  # LC202


async def test_the_first_price():
    first = asyncio.create_task(price("fig"))
    assert first[0] == 3  # LC202


async def test_what_a_thread_found():
    found = asyncio.get_running_loop().run_in_executor(None, dict)  # LC202
    assert list(found.items()) == []


async def test_the_rows_are_sorted():
    rows = Shop().later()  # LC202
    assert sorted(rows) == ["plum"]


async def test_the_stock_is_counted():
    shop = Shop()
    shop.open()
    assert shop.stock == {"plum": 2}  # LC202
