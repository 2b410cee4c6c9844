"""The code under test catches what asyncio said, and says something of its own."""

# name: Cart.store | cart.store
import os

import pytest
import valkey.asyncio as valkey


class Cart:
    def __init__(self):
        self.store = valkey.from_url(os.environ["VALKEY_URL"])  # LC101

    async def add(self, item):
        try:
            await self.store.sadd("cart", item)
        except RuntimeError as error:
            raise LookupError("the shop is down") from error


cart = Cart()  # LC101


@pytest.mark.asyncio
@pytest.mark.parametrize("item", ["pears", "plums"])
async def test_item_is_added(item):
    await cart.add(item)
