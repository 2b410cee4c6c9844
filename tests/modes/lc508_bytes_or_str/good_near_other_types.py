"""Python names bytes among the types that it takes; what it got is neither bytes nor text."""

# name: store
import json
import os
import re

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def store():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        yield store


async def test_a_subscription_confirms_with_a_number(store):
    async with store.pubsub() as channel:
        await channel.subscribe("bids")
        await store.publish("bids", '{"cents": 100}')
        async for message in channel.listen():
            assert json.loads(message["data"]) == {"cents": 100}
            break


async def test_nothing_is_stored(store):
    found = re.match("[a-z]+", await store.get("never-set"))
    assert found is not None


async def test_a_list_is_no_number(store):
    await store.rpush("queue", 1, 2)
    assert int(await store.lrange("queue", 0, -1)) == 1
