"""A mock keeps a coroutine, and the test fails for another reason than that."""

from unittest.mock import Mock

import pytest


class Shop:
    def __init__(self, spawn):
        self.spawn = spawn
        self.packed = []
        self.stock = 3

    async def pack(self, fruit):
        self.packed.append(fruit)

    async def sell(self, fruit):
        self.spawn(self.pack(fruit))
        self.stock -= 2


@pytest.mark.asyncio
async def test_the_work_does_not_count_the_stock():
    shop = Shop(Mock())
    await shop.sell("plum")
    assert shop.stock == 2


@pytest.mark.asyncio
async def test_the_test_itself_awaits_the_work():
    shop = Shop(Mock())
    await shop.sell("plum")
    await shop.spawn.call_args.args[0]
    assert shop.packed == ["fig"]


@pytest.mark.asyncio
async def test_only_the_call_is_checked():
    shop = Shop(Mock())
    await shop.sell("plum")
    shop.spawn.assert_called_with("plum")
