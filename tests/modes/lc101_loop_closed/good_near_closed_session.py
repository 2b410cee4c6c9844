"""The session itself was closed, on the one loop there is."""

import os

import aiohttp
import pytest


@pytest.mark.asyncio
async def test_session_is_used_after_its_end():
    async with aiohttp.ClientSession() as session:
        pass
    await session.get(os.environ["HTTP_URL"])
