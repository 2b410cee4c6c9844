"""A wrapper around a static method checks the loop. It has slots, and no name of its own."""

import asyncio
import functools


class OneLoop:
    __slots__ = ("first", "function")

    def __init__(self, function):
        self.function, self.first = function, None

    async def __call__(self, key):
        running = asyncio.get_running_loop()
        if self.first not in (None, running):
            raise RuntimeError("another loop has used this cache")
        self.first = running
        return await self.function(key, unit="kg")


def of_one_loop(function):
    return OneLoop(functools.partial(function))


class Prices:
    @of_one_loop
    @staticmethod
    async def price(key, unit):  # LC102
        return len(key + unit)


def test_tea():
    assert asyncio.run(Prices.price("tea")) == 5


# name: Prices.price
def test_milk():
    assert asyncio.run(Prices.price("milk")) == 6
