"""LC101: an aiohttp session whose loop is closed says so itself."""

import os

import aiohttp
import pytest

kept = {}


@pytest.mark.asyncio
async def test_session_is_made():
    kept["session"] = aiohttp.ClientSession()
    async with kept["session"].get(os.environ["HTTP_URL"]) as response:
        assert await response.text() == "ok"


@pytest.mark.asyncio
async def test_session_is_used_again():  # RuntimeError: Event loop is closed
    async with kept["session"].get(os.environ["HTTP_URL"]) as response:
        assert await response.text() == "ok"
