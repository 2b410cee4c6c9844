"""A decorator's cache checks the loop in a method of its own. Plain tests run it twice."""

import asyncio


class Cached:
    def __init__(self, function):
        self.function, self.__first = function, None

    def _check(self, loop):
        if self.__first is None:
            self.__first = loop
        elif loop != self.__first:
            raise RuntimeError("not safe here")

    async def __call__(self, key):
        self._check(asyncio.get_running_loop())
        return await self.function(key)


@Cached
async def price(key):  # LC102
    return len(key)


def test_tea():
    assert asyncio.run(price("tea")) == 3


# name: price
def test_milk():
    assert asyncio.run(price("milk")) == 4
