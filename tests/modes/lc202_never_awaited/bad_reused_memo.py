"""A plain function keeps the coroutine of an `async def`, and returns it again."""
# findings: 4
# name: menu.dish() | Cellar().stock() | client() | self._opened()

import asyncio
import functools

import pytest

pytestmark = pytest.mark.asyncio


def remembered(function):
    kept = {}

    @functools.wraps(function)
    def call(*args):
        if args not in kept:
            kept[args] = function(*args)  # LC202
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


class Once:
    """A decorator that is a class."""

    def __init__(self, function):
        self.function, self.kept = function, None

    def __call__(self):
        if self.kept is None:
            self.kept = self.function()  # LC202
        return self.kept


class Cellar:
    def stock(self):
        return count()


@Once
async def count():
    await asyncio.sleep(0)
    return 40


async def test_the_stock_twice():
    assert await Cellar().stock() == 40
    assert await Cellar().stock() == 40


_client = None


async def connect():
    await asyncio.sleep(0)
    return "connected"


def client():
    global _client
    _client = _client or connect()  # LC202
    return _client


async def test_one_client():
    assert await client() == "connected"
    assert await client() == "connected"


class Reader:
    """Python says it in other words while somebody else awaits the coroutine."""

    def __init__(self):
        self._opening = None

    async def _open(self):
        await asyncio.sleep(0)
        return ["line"]

    def _opened(self):
        if self._opening is None:
            self._opening = self._open()  # LC202
        return self._opening

    async def lines(self):
        return await self._opened()


async def test_two_readers():
    reader = Reader()
    assert await asyncio.gather(reader.lines(), reader.lines()) == [["line"], ["line"]]
