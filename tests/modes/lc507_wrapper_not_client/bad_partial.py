"""What makes clients is made ready with `partial`, and handed over without a call."""

# name: self.client
import os
from functools import partial

import pytest
import valkey.asyncio as valkey


class Baskets:
    def __init__(self, client):
        self.client = client

    async def count(self, user):
        return await self.client.llen(f"basket:{user}")


store = partial(valkey.from_url, os.environ["VALKEY_URL"])


@pytest.fixture
def baskets():
    return Baskets(store)  # LC507


@pytest.mark.asyncio
async def test_an_empty_basket(baskets):
    assert await baskets.count("ada") == 0
