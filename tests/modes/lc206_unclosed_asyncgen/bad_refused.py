"""The clean-up gives a reader back by a method: the pool refuses the next search before it runs."""

import asyncio

import pytest


class Exhausted(RuntimeError):
    pass


class Pool:
    def __init__(self, size):
        self.size, self.in_use = size, 0

    def take(self):
        if self.in_use >= self.size:
            raise Exhausted(f"all {self.size} readers are out")
        self.in_use += 1
        return ["Atlas", "Almanac", "Bestiary"]

    def give_back(self):
        self.in_use -= 1


async def titles(pool):
    reader = pool.take()
    try:
        for title in reader:
            await asyncio.sleep(0)
            yield title
    finally:
        pool.give_back()


async def first(pool, letter):
    async for title in titles(pool):  # LC206
        if title.startswith(letter):
            return title


# name: titles
@pytest.mark.asyncio
async def test_two_searches():
    pool = Pool(1)
    assert await first(pool, "A") == "Atlas"
    assert await first(pool, "B") == "Bestiary"
