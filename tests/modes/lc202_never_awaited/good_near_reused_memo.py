"""A plain function keeps a task, or the function: both can be awaited again."""

import asyncio
import functools

import pytest

pytestmark = pytest.mark.asyncio


def remembered(function):
    kept = {}

    @functools.wraps(function)
    def call(*args):
        if args not in kept:
            kept[args] = asyncio.ensure_future(function(*args))
        return kept[args]

    return call


class Menu:
    @remembered
    async def dish(self, name):
        await asyncio.sleep(0)
        return name.title()


async def test_a_dish_twice():
    menu = Menu()
    assert await menu.dish("soup") == "Soup"
    assert await menu.dish("soup") == "Soup"


class Gate:
    def __init__(self):
        self.opens = 0

    async def open(self):
        self.opens += 1
        if self.opens > 1:
            raise RuntimeError("cannot reuse already awaited coroutine")
        return self.opens

    def opened(self):
        return self.open()


async def test_the_words_alone():
    gate = Gate()
    assert await gate.opened() == 1
    assert await gate.opened() == 2
