"""The third use of a pool whose loop is gone says nothing at all."""

# options: --loopcheck-hang=1
# name: shop.pool
import os

import asyncpg
import pytest


class Shop:
    pool = None


@pytest.fixture(scope="module")
def shop():  # LC604
    return Shop()


@pytest.mark.asyncio
async def test_open(shop):
    shop.pool = await asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=1)
    assert await shop.pool.fetchval("select 1") == 1


@pytest.mark.asyncio
@pytest.mark.parametrize("order", [1, 2])
async def test_order(shop, order):
    assert await shop.pool.fetchval("select $1::int", order) == order
