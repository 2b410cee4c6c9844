"""A pool's `acquire` gives a connection only to `async with`, or to `await`."""

# name: connection

import asyncpg
import pytest


class Fruit:
    def __init__(self, pool):
        self.pool = pool

    async def names(self):
        connection = self.pool.acquire()  # LC507
        return await connection.fetch("select name from fruit")


@pytest.mark.asyncio
async def test_no_fruit_yet():
    assert await Fruit(asyncpg.create_pool("postgresql://nowhere/fruit")).names() == []
