"""Each way out closes it, or gives it to the caller, who does."""

import os

import aiohttp
import pytest


async def status(path):
    session = aiohttp.ClientSession()
    try:
        async with session.get(os.environ["HTTP_URL"] + path) as answer:
            if answer.status != 200:
                return None
            return answer.status
    finally:
        await session.close()


async def opened(path):
    session = aiohttp.ClientSession()
    async with session.get(os.environ["HTTP_URL"] + path) as answer:
        if answer.status != 200:
            await session.close()
            return None
    return session


@pytest.mark.asyncio
async def test_status():
    assert await status("here") == 200


@pytest.mark.asyncio
async def test_opened():
    session = await opened("here")
    assert not session.closed
    await session.close()
