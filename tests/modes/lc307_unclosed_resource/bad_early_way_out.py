"""A function closes its session at the end, and returns before that where nothing is new."""

# name: session

import os

import aiohttp
import pytest


async def news(seen):
    session = aiohttp.ClientSession()
    async with session.get(os.environ["HTTP_URL"]) as answer:
        text = await answer.text()
    if text in seen:
        return None  # LC307
    seen.append(text)
    await session.close()
    return text


@pytest.mark.asyncio
async def test_news_are_news_once():
    seen = []
    assert await news(seen) == "ok"
    assert await news(seen) is None
