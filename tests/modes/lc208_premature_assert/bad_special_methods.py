"""The line asks an object by `len`, `in`, `==`, an index or `str`, before a task has changed it."""

# name: order
# findings: 6
import asyncio

import pytest


class Basket:
    def __init__(self):
        self.fruits = []

    def __len__(self):
        return len(self.fruits)

    def __contains__(self, fruit):
        return fruit in self.fruits

    def __eq__(self, other):
        return self.fruits == other

    def __getitem__(self, number):
        return self.fruits[number]

    def __str__(self):
        return " and ".join(self.fruits)

    def __iter__(self):
        return iter(self.fruits)


async def order(basket):
    await asyncio.sleep(0.02)
    basket.fruits.append("plum")


@pytest.fixture
def basket():
    return Basket()


@pytest.mark.asyncio
async def test_its_length(basket):
    task = asyncio.create_task(order(basket))
    assert len(basket) == 1  # LC208
    await task


@pytest.mark.asyncio
async def test_what_is_in_it(basket):
    task = asyncio.create_task(order(basket))
    assert "plum" in basket  # LC208
    await task


@pytest.mark.asyncio
async def test_what_it_equals(basket):
    task = asyncio.create_task(order(basket))
    assert basket == ["plum"]  # LC208
    await task


@pytest.mark.asyncio
async def test_its_first(basket):
    task = asyncio.create_task(order(basket))
    assert basket[0] == "plum"  # LC208
    await task


@pytest.mark.asyncio
async def test_its_text(basket):
    task = asyncio.create_task(order(basket))
    assert f"{basket}" == "plum"  # LC208
    await task


@pytest.mark.asyncio
async def test_all_of_it(basket):
    task = asyncio.create_task(order(basket))
    assert [fruit.upper() for fruit in basket] == ["PLUM"]  # LC208
    await task
