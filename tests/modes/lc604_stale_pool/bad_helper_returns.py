"""A helper of a fixture returns a stream from inside the block that closes it."""

# name: news
import anyio
import pytest


def stream():
    send, receive = anyio.create_memory_object_stream(4)
    receive.close()
    with send as news:  # LC604
        return news


@pytest.mark.asyncio
async def test_the_news_is_sent():
    news = stream()
    await news.send("rain")
