"""What the generator holds is given back by a manager's end: a class's, or a `finally` of its own.

# findings: 3
"""

import asyncio
from contextlib import asynccontextmanager, contextmanager

import pytest

pytestmark = pytest.mark.asyncio


class Lent:
    def __init__(self, pool):
        self.pool = pool

    async def __aenter__(self):
        self.connection = self.pool.free.pop()
        return self.connection

    async def __aexit__(self, *_):
        self.pool.free.append(self.connection)


class Pool:
    def __init__(self):
        self.free, self.in_use = ["c1"], 0

    def lend(self):
        return Lent(self)

    @contextmanager
    def counted(self):
        self.in_use += 1
        try:
            yield self
        finally:
            self.in_use -= 1

    @asynccontextmanager
    async def acquire(self):
        with self.counted():
            yield self
            await asyncio.sleep(0)


@asynccontextmanager
async def connection(free):
    one = free.pop()
    try:
        yield one
    finally:
        free.append(one)


async def rows(pool):
    async with pool.lend() as lent:
        yield f"{lent}: row"


async def orders(pool):
    async with pool.acquire():
        yield "order"


async def pages(free):
    async with connection(free) as one:
        yield f"{one}: page"


async def first_row(pool):
    async for row in rows(pool):  # LC206
        return row


async def first_order(pool):
    async for order in orders(pool):  # LC206
        return order


async def first_page(free):
    async for page in pages(free):  # LC206
        break
    return page


# name: rows | orders | pages
async def test_a_class():
    pool = Pool()
    await first_row(pool)
    assert pool.free == ["c1"]


async def test_a_function_in_a_function():
    pool = Pool()
    await first_order(pool)
    assert pool.in_use == 0


async def test_the_next_one_finds_nothing():
    free = ["c1"]
    await first_page(free)
    await first_page(free)
