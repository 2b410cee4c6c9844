"""A test holds coroutines and fails for another reason, or awaits them after a line that fails."""

import asyncio

import pytest


class Basket:
    def __init__(self):
        self.fruits = []
        self.name = "Ada's"

    async def put(self, fruit):
        self.fruits.append(fruit)


@pytest.mark.asyncio
async def test_the_name_is_not_their_work():
    basket = Basket()
    work = [basket.put(fruit) for fruit in ("plum", "fig")]
    assert basket.name == "Ben's"
    await asyncio.gather(*work)


@pytest.mark.asyncio
async def test_one_of_another_basket():
    basket, other = Basket(), Basket()
    later = other.put("plum")
    assert basket.fruits == ["fig"]
    await later


@pytest.mark.asyncio
async def test_the_basket_should_be_empty_before():
    basket = Basket()
    basket.fruits.append("old")
    work = basket.put("plum")
    assert basket.fruits == []
    await work
