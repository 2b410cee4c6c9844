"""Wrong asserts, while a generator that was left holds something else by a manager."""

from contextlib import asynccontextmanager

import pytest

pytestmark = pytest.mark.asyncio


class Lent:
    def __init__(self, pool):
        self.pool = pool

    async def __aenter__(self):
        return self.pool.free.pop()

    async def __aexit__(self, *_):
        self.pool.free.append("c1")


class Pool:
    def __init__(self):
        self.free, self.lent, self.log = ["c1"], 0, []

    @asynccontextmanager
    async def acquire(self):
        self.log.append("lent")
        try:
            yield self
        finally:
            self.free = []


async def rows(pool):
    async with pool.acquire(), Lent(pool):
        yield "row"


async def first(pool):
    async for row in rows(pool):
        return row


async def test_row():
    assert await first(Pool()) == "line"


async def test_count():
    pool = Pool()
    await first(pool)
    assert pool.lent == 1


async def test_log():
    pool = Pool()
    await first(pool)
    assert pool.log == []


async def test_another_pool():
    await first(Pool())
    pool = Pool()
    assert pool.free == []
