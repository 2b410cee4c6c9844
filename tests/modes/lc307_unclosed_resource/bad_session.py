"""A session that never connected: no socket shows it."""

import aiohttp
import pytest


# name: session
@pytest.mark.asyncio
async def test_session():
    session = aiohttp.ClientSession()  # LC307
    assert not session.closed
