"""Each call makes a client: the service is handed what makes them, and asks that."""

# name: self.client
import os

import pytest
import valkey.asyncio as valkey


class Baskets:
    def __init__(self, client, prefix="basket"):
        self.client, self.prefix = client, prefix

    async def count(self, user):
        return await self.client.llen(f"{self.prefix}:{user}")


connect = lambda: valkey.from_url(os.environ["VALKEY_URL"])  # noqa: E731


@pytest.fixture
def baskets():
    return Baskets(connect)  # LC507


@pytest.mark.asyncio
async def test_an_empty_basket(baskets):
    assert await baskets.count("ada") == 0
