"""A mock receives the work whose effect the test checks, and keeps it among its arguments."""
# name: Shop.pack | bake
# findings: 2

from unittest.mock import MagicMock, Mock

import pytest

OVEN = {}


class Shop:
    def __init__(self, tasks):
        self.tasks = tasks
        self.packed = []

    async def pack(self, fruit):
        self.packed.append(fruit)

    async def sell(self, *fruits):
        for fruit in fruits:
            self.tasks.add_task(self.pack(fruit))  # LC202


async def bake(pie):
    OVEN[pie] = "hot"


def order(pie, start):
    OVEN[pie] = "cold"
    start(bake(pie))  # LC202


@pytest.mark.asyncio
async def test_all_is_packed():
    shop = Shop(MagicMock())
    await shop.sell("plum", "fig")
    assert shop.packed == ["plum", "fig"]


def test_the_pie_is_hot():
    start = Mock()
    order("plum", start)
    assert OVEN["plum"] == "hot"
