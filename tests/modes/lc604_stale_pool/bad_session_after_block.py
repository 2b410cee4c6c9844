"""No loop was closed: the session was, by its own block."""

# name: session
import os

import aiohttp
import pytest


@pytest.mark.asyncio
async def test_session_is_used_after_its_end():
    async with aiohttp.ClientSession() as session:  # LC604
        pass
    await session.get(os.environ["HTTP_URL"])
