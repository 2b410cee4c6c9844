"""The test asserts that its double was awaited: the code calls it, and lacks the `await`."""

# findings: 2

from unittest.mock import AsyncMock

import pytest


class Pool:
    async def flush(self): ...


class Sink:
    def __init__(self, pool):
        self.pool = pool

    async def write(self, rows):
        connection = await self.pool.acquire()
        try:
            await connection.executemany("insert …", rows)
        finally:
            self.pool.release(connection)  # LC202


async def flush(pool):
    pool.flush()  # LC202


# name: pool.release | pool.flush
@pytest.mark.asyncio
async def test_it_is_released():
    pool = AsyncMock()
    await Sink(pool).write([(1,)])
    pool.release.assert_awaited_once()


@pytest.mark.asyncio
async def test_it_is_flushed():
    pool = AsyncMock(spec=Pool)
    await flush(pool)
    assert pool.flush.await_count == 1
