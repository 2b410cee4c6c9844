"""A name is taken, and the test that took it ended long ago."""

# name: names.redis

import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


class Names:
    def __init__(self, redis):
        self.redis = redis

    async def owner(self, name):
        return await self.redis.get(f"name:{name}")

    async def take(self, name, user):
        if (taken := await self.owner(name)) is not None:
            raise ValueError(f"{name} belongs to {taken}")
        await self.redis.set(f"name:{name}", user)


@pytest_asyncio.fixture
async def names():  # LC505
    redis = valkey.from_url(os.environ["VALKEY_URL"], decode_responses=True)
    yield Names(redis)
    await redis.aclose()


@pytest.mark.asyncio
async def test_a_name_is_taken(names):
    await names.take("harbour", "ada")
    assert await names.owner("harbour") == "ada"


@pytest.mark.asyncio
async def test_a_name_is_taken_once(names):
    await names.take("harbour", "bela")
    with pytest.raises(ValueError, match="belongs to"):
        await names.take("harbour", "cleo")
