"""The wrapper hands every name on to the client; `async with` asks its class."""

# name: store
import os

import pytest
import valkey.asyncio as valkey


class Counted:
    def __init__(self, inner):
        self.inner, self.calls = inner, 0

    def __getattr__(self, name):
        self.calls += 1
        return getattr(self.inner, name)


@pytest.fixture
def store():
    return Counted(valkey.from_url(os.environ["VALKEY_URL"]))  # LC507


async def price(store, fruit):
    async with store:
        return await store.get(fruit)


@pytest.mark.asyncio
async def test_no_price_yet(store):
    assert await price(store, "quince") is None
