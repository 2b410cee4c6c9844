"""Of two conditions one holds at once, the other a turn of the loop later."""

import asyncio

import pytest


class Shop:
    def __init__(self):
        self.doors, self.rows = ["front"], []

    async def fill(self):
        self.rows.append("bread")


# name: shop.doors == ['front'] and shop.rows == ['bread']
@pytest.mark.asyncio
async def test_shop_is_open():
    shop = Shop()
    asyncio.ensure_future(shop.fill())
    assert shop.doors == ["front"] and shop.rows == ["bread"]  # LC208
