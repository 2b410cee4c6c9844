"""`event_loop` also opens the shop that all tests use, through a function of its own."""

# name: event_loop
import asyncio

import pytest

shop = None


class Shop:
    def __init__(self, *shelves):
        self.shelves = list(shelves)


def open_shop():
    global shop
    shop = Shop("tea", "milk")


@pytest.fixture
def event_loop():  # LC302
    loop = asyncio.new_event_loop()
    try:
        open_shop()
        yield loop
    finally:
        loop.close()


def shelves():
    return shop.shelves


@pytest.mark.asyncio
async def test_shelves():
    await asyncio.sleep(0)
    assert "tea" in shelves()
