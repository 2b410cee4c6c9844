"""Objects that refuse a second call, but not since it is on another loop."""

import asyncio

import pytest


class Memo:
    def __init__(self, function):
        self.function, self.home, self.broken = function, None, False

    async def __call__(self, key):
        self.home = self.home or asyncio.get_running_loop()
        if self.broken:
            raise RuntimeError("the memo is broken")
        self.broken = True
        hash(key)
        self.broken = False
        return await self.function(key)


async def length(key):
    return len(key)


def test_a_memo_that_is_broken():  # fails: by the call before
    memo = Memo(length)
    with pytest.raises(TypeError):
        asyncio.run(memo([]))
    assert asyncio.run(memo("tea")) == 3


async def twice(memo):
    with pytest.raises(TypeError):
        await memo([])
    return await memo("tea")


def test_a_memo_that_is_broken_on_one_loop():  # fails: for the same reason
    assert asyncio.run(twice(Memo(length))) == 3
