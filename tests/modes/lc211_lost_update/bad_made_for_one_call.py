"""The object whose method starts the tasks is made in the same expression, by a factory."""

# name: shelf.left

import asyncio

import pytest


class Shelf:
    def __init__(self, left):
        self.left = left

    async def take(self, pieces):
        left = self.left  # LC211
        await asyncio.sleep(0)
        self.left = left - pieces


class Order:
    def __init__(self, shelf, lines):
        self._shelf, self._lines = shelf, lines

    async def place(self):
        await asyncio.gather(*(self._shelf.take(one) for one in self._lines))


def order(shelf, *lines):
    return Order(shelf, lines)


@pytest.mark.asyncio
async def test_both_lines_are_taken():
    shelf = Shelf(10)
    await order(shelf, 2, 3).place()
    assert shelf.left == 5
