"""A service announces the order while nobody has subscribed; the test's own limit ends the wait."""

# name: pubsub
import asyncio

import fakeredis
import pytest


class Shop:
    def __init__(self, store):
        self.store = store

    async def order(self, item):
        await self.store.set("last", item)
        await self.store.publish("orders", item)  # LC203


@pytest.mark.asyncio
async def test_an_order_is_announced():
    store = fakeredis.FakeAsyncRedis(decode_responses=True)
    await Shop(store).order("pen")
    async with store.pubsub() as pubsub:
        await pubsub.subscribe("orders")
        async with asyncio.timeout(0.3):
            async for message in pubsub.listen():
                if message["type"] == "message":
                    break
    assert message["data"] == "pen"
