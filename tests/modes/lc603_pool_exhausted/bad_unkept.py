"""What the pool lends gets no name: nobody can give it back."""

# name: pool

import os

import asyncpg
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def pool():
    pool = await asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=2)
    yield pool
    pool.terminate()


@pytest.mark.asyncio
async def test_a_third(pool):
    for _ in range(2):
        await pool.acquire()  # LC603
    await pool.acquire(timeout=0.2)
