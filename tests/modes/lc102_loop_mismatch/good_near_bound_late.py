"""A memo that takes its loop when it has something to keep there: a failed call binds nothing."""

import asyncio

import pytest


class Memo:
    def __init__(self, function):
        self.function, self.results, self.home = function, {}, None

    async def __call__(self, key):
        if key not in self.results:
            self.home = self.home or asyncio.get_running_loop()
            if self.home is not asyncio.get_running_loop():
                raise RuntimeError("one memo, one loop")
            self.results[key] = await self.function(key)
        return self.results[key]


async def length(key):
    return len(key)


def test_a_list_is_no_key():
    memo = Memo(length)
    with pytest.raises(TypeError):
        asyncio.run(memo([]))
    assert asyncio.run(memo("tea")) == 3


def test_a_list_is_no_key_on_one_loop():  # fails: by its own line
    memo = Memo(length)
    with pytest.raises(TypeError):
        asyncio.run(memo([]))
    assert asyncio.run(memo("tea")) == 4
