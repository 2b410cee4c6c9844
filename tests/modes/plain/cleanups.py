"""Clean-ups that fail while an error is on its way out: pytest shows both, with their lines."""

import contextlib

import pytest

pytestmark = pytest.mark.asyncio


class Store:
    def __init__(self):
        self.items = {}

    async def put(self, name, price):
        if price < 0:
            raise ValueError("negative price")
        self.items[name] = price


async def test_a_finally():
    store = Store()
    try:
        await store.put("pen", -1)
    finally:
        assert store.items == {"pen": -1}


@contextlib.asynccontextmanager
async def opened():
    store = Store()
    try:
        yield store
    finally:
        assert store.items


async def test_an_exit():
    async with opened() as store:
        await store.put("pen", -1)


async def test_a_handler_that_raises_again():
    store = Store()
    try:
        await store.put("pen", -1)
    except ValueError:
        del store.items["pen"]
        raise


async def test_a_handler():
    store = Store()
    try:
        await store.put("pen", -1)
    except ValueError as error:
        assert str(error) == "no price"
