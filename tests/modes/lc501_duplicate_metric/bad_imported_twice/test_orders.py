"""One file goes by two names: `shop.metrics` for the application, `metrics` for the test."""

# name: orders_total
import importlib

from shop.orders import place


async def test_an_order_is_counted():
    counter = importlib.import_module("metrics").ORDERS  # LC501
    before = counter._value.get()
    await place("tea")
    assert counter._value.get() == before + 1
