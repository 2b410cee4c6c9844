import os

import pytest
import valkey.asyncio as valkey


# name: Shop.store | shop.store
class Shop:
    def __init__(self, url):
        self.store = valkey.from_url(url)


@pytest.fixture
async def shop():  # LC106
    shop = Shop(os.environ["VALKEY_URL"])
    await shop.store.flushdb()
    yield shop
    await shop.store.aclose()
