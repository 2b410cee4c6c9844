"""A helper is given the generator, and returns out of the `async for` over it."""

# name: Pool.rows

import asyncio

import pytest


class Pool:
    def __init__(self):
        self.taken = 0

    async def rows(self, count):
        self.taken += 1
        try:
            for row in range(count):
                yield row
        finally:
            await asyncio.sleep(0)
            self.taken -= 1


async def first(rows, least):
    async for row in rows:  # LC206
        if row >= least:
            return row


class Repository:
    def __init__(self):
        self.pool = Pool()

    async def find(self, least):
        return await first(self.pool.rows(9), least)


@pytest.mark.asyncio
async def test_find():
    repository = Repository()
    assert await repository.find(3) == 3
    assert repository.pool.taken == 0
