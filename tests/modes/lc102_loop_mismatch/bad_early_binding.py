"""A memo takes the loop before it makes its key, and that fails for a list."""

import asyncio

import pytest


class Memo:
    def __init__(self, function):
        self.function, self.results, self.__home = function, {}, None

    def _stay_on(self, loop):
        if self.__home is None:
            self.__home = loop
        if self.__home is not loop:
            raise RuntimeError("one memo, one loop")

    async def __call__(self, key):
        self._stay_on(asyncio.get_running_loop())  # LC102
        if key not in self.results:
            self.results[key] = await self.function(key)
        return self.results[key]


# name: length
def test_a_list_is_no_key():
    @Memo
    async def length(key):
        return len(key)

    with pytest.raises(TypeError):
        asyncio.run(length([]))
    assert asyncio.run(length("tea")) == 3
