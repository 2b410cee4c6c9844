"""An object answers `len`, `in` and `str` by itself; what a task changes is none of it."""

import asyncio

import pytest


class Basket:
    def __init__(self):
        self.fruits = []
        self.visits = 0

    def __len__(self):
        return len(self.fruits)

    def __contains__(self, fruit):
        return fruit in self.fruits

    def __str__(self):
        return " and ".join(self.fruits)


async def visit(basket):
    await asyncio.sleep(0.02)
    basket.visits += 1


async def fill(basket):
    await asyncio.sleep(0.02)
    basket.fruits.append("plum")


@pytest.mark.asyncio
async def test_its_length():
    basket = Basket()
    task = asyncio.create_task(visit(basket))
    assert len(basket) == 1
    await task


@pytest.mark.asyncio
async def test_another_basket():
    basket, other = Basket(), Basket()
    task = asyncio.create_task(fill(other))
    assert "plum" in basket
    await task


@pytest.mark.asyncio
async def test_its_text():
    basket = Basket()
    task = asyncio.create_task(visit(basket))
    assert str(basket) == "plum"
    await task
