"""Generators that hold something, and a refusal that closing them would not have prevented."""

import asyncio
from contextlib import aclosing

import pytest

pytestmark = pytest.mark.asyncio


class Exhausted(RuntimeError):
    pass


class Pool:
    def __init__(self, size):
        self.size, self.in_use, self.closed, self.ready = size, 0, False, True

    def take(self):
        if self.closed or self.in_use >= self.size:
            raise Exhausted("no reader")
        self.in_use += 1
        return ["Atlas", "Almanac", "Bestiary"]

    def give_back(self):
        self.in_use -= 1
        self.ready = False

    def check(self):
        if not self.ready:
            raise Exhausted("not ready")


async def titles(pool):
    reader = pool.take()
    try:
        for title in reader:
            await asyncio.sleep(0)
            yield title
    finally:
        pool.give_back()


async def first(pool):
    async for title in titles(pool):
        return title


async def test_the_generator_is_still_in_use():
    pool = Pool(1)
    async for title in titles(pool):
        await first(pool)
        if title == "Almanac":
            break


async def test_it_is_in_use_and_has_a_name():
    pool = Pool(1)
    found = titles(pool)
    async for title in found:
        await first(pool)
        if title == "Almanac":
            break


async def test_another_pool_is_empty():
    await first(Pool(1))
    await first(Pool(0))


async def test_the_pool_is_closed():
    pool = Pool(2)
    await first(pool)
    pool.closed = True
    await first(pool)


async def test_the_clean_up_makes_it_no_better():
    pool = Pool(2)
    await first(pool)
    pool.ready = None
    pool.check()


async def test_a_reader_is_taken_for_good():
    pool = Pool(1)
    pool.take()
    async with aclosing(titles(pool)) as found:
        async for _ in found:
            break


async def test_the_test_closes_it_below():
    pool = Pool(1)
    found = titles(pool)
    assert await anext(found) == "Atlas"
    await first(pool)
    await found.aclose()


async def test_the_assertion_is_inside_the_loop():
    pool = Pool(1)
    async for title in titles(pool):
        assert pool.in_use == 0, title
