import pytest
from shop.orders import Orders


# name: asyncpg.connect
@pytest.mark.asyncio
async def test_no_orders_yet():
    assert await Orders().count() == 0
