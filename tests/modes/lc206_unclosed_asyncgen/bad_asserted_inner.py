"""The generator that was left has no clean-up: the one that it iterates, two further in, has."""

# name: lines

from contextlib import aclosing

import pytest


class Reel:
    def __init__(self, *lines):
        self.lines, self.turning = lines, 0

    async def __aenter__(self):
        self.turning += 1
        return self

    async def __aexit__(self, *_):
        self.turning -= 1


async def lines(reel):
    async with reel:
        for one in reel.lines:
            yield one


async def words(reel):
    async with aclosing(lines(reel)) as found:
        async for line in found:
            for word in line.split():
                yield word


async def long_words(reel, least):
    async with aclosing(words(reel)) as found:
        async for word in found:
            if len(word) >= least:
                yield word


async def first(reel):
    async for word in long_words(reel, 5):  # LC206
        return word


@pytest.mark.asyncio
async def test_the_reel_stops():
    reel = Reel("a cat sat", "upon the roof", "of the house")
    assert await first(reel) == "house"
    assert reel.turning == 0
