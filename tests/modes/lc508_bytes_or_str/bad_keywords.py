"""What a hash has is given to a dataclass, field by field: no argument has a name of bytes."""

# name: client
from dataclasses import dataclass

import fakeredis
import pytest
import pytest_asyncio


@dataclass
class Basket:
    owner: str
    state: str


class Baskets:
    def __init__(self, client):
        self.client = client

    async def load(self, number):
        fields = await self.client.hgetall(f"basket:{number}")
        return Basket(**fields)

    async def load_at_once(self, number):
        return Basket(**await self.client.hgetall(f"basket:{number}"))


@pytest_asyncio.fixture
async def client():
    client = fakeredis.FakeAsyncRedis()  # LC508
    await client.hset("basket:7", mapping={"owner": "ann", "state": "open"})
    yield client
    await client.aclose()


@pytest.mark.asyncio
async def test_a_basket_is_loaded(client):
    assert (await Baskets(client).load(7)).state == "open"


@pytest.mark.asyncio
async def test_a_basket_is_loaded_at_once(client):
    assert (await Baskets(client).load_at_once(7)).state == "open"
