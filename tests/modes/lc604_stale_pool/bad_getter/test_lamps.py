"""A getter gives away what its module keeps: the module is to blame, not who was given it."""

# name: lamps | _pool
import pytest
import store

pytestmark = pytest.mark.asyncio


async def count():
    lamps = await store.get_pool()
    async with lamps.acquire() as connection:
        return await connection.fetchval("select 3")


async def test_lamps():
    assert await count() == 3


async def test_lamps_again():
    assert await count() == 3
