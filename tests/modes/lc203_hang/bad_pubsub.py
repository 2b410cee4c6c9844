"""The news is out before anybody subscribes, and the connection has no timeout of its own."""

# options: --loopcheck-hang=1
# name: pubsub

import os

import pytest
import valkey.asyncio as valkey


async def first_news(pubsub):
    async for message in pubsub.listen():
        if message["type"] == "message":
            return message["data"]


@pytest.mark.asyncio
async def test_news():
    client = valkey.from_url(os.environ["VALKEY_URL"], socket_timeout=None)
    async with client as store, store.pubsub() as pubsub:
        news = f"news of {os.getpid()}"
        await store.publish(news, "hello")  # LC203
        await pubsub.subscribe(news)
        assert await first_news(pubsub) == b"hello"
