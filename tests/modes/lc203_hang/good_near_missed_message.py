"""The store missed no message that the test waits for: on another channel, or one came since."""

import asyncio
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def store():
    async with valkey.from_url(os.environ["VALKEY_URL"], socket_timeout=None) as store:
        yield store


@pytest_asyncio.fixture
async def news(store):
    async with store.pubsub() as pubsub:
        yield pubsub


async def first(pubsub):
    async with asyncio.timeout(0.5):
        async for message in pubsub.listen():
            if message["type"] == "message":
                return message["data"]


async def test_only_another_channel_was_missed(store, news):  # fails: nobody publishes news
    await store.publish(f"rumours {os.getpid()}", "pen")
    await news.subscribe(f"news {os.getpid()}")
    assert await first(news) == b"pen"


async def test_the_second_message_is_received(store, news):  # fails: there is no third one
    channel = f"news {os.getpid()}"
    await store.publish(channel, "nobody listens yet")
    await news.subscribe(channel)
    await first_and_publish(store, news, channel)
    assert await first(news) == b"cup"


async def first_and_publish(store, news, channel):
    await asyncio.sleep(0)
    while (await store.publish(channel, "pen")) == 0:
        await asyncio.sleep(0)
    assert await first(news) == b"pen"


async def test_nothing_comes_on_purpose(store, news):
    channel = f"news {os.getpid()}"
    await store.publish(channel, "too early")
    await news.subscribe(channel)
    with pytest.raises(TimeoutError):
        await first(news)
