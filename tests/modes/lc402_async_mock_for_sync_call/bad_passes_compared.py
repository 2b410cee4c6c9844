"""The mock has an empty queue, which the code compares: it always takes the other branch."""

# passes
# name: pool.queue.size
from types import SimpleNamespace
from unittest.mock import AsyncMock

import pytest


async def work(pool):
    if pool.queue.size() == 0:  # used
        return "idle"
    return await pool.queue.take()


@pytest.fixture
def pool():
    pool = SimpleNamespace()
    pool.queue = AsyncMock()  # LC402
    pool.queue.size.return_value = 0
    return pool


@pytest.mark.asyncio
async def test_work(pool):
    await work(pool)
    assert pool.queue.take.await_count == 1
