"""What a function returns from inside a block is not what the block ends."""

import asyncio
from contextlib import suppress

import aiohttp
import pytest


async def session_of_desk(lock):
    async with lock:
        session = aiohttp.ClientSession()
        with suppress(OSError):
            return session


@pytest.mark.asyncio
async def test_an_address_that_is_none():
    session = await session_of_desk(asyncio.Lock())
    try:
        await session.get("nowhere")
    finally:
        await session.close()
