"""What is inside of the generator that was left has nothing to do with what the line checks."""

import pytest


class Reel:
    def __init__(self, *lines):
        self.lines, self.turning, self.turns = lines, 0, 0

    async def __aenter__(self):
        self.turning += 1
        return self

    async def __aexit__(self, *_):
        self.turning -= 1


async def lines(reel):
    async with reel:
        for one in reel.lines:
            reel.turns += 1
            yield one


async def words(reel):
    async for line in lines(reel):
        for word in line.split():
            yield word


async def first(reel):
    async for word in words(reel):
        return word


@pytest.mark.asyncio
async def test_one_turn_is_enough():
    reel = Reel("a cat sat", "upon the roof")
    assert await first(reel) == "a"
    assert reel.turns == 2
