"""A client of HTTP asks for the loop that runs, and a plain fixture has none."""

import aiohttp
import pytest


@pytest.fixture
def session():
    return aiohttp.ClientSession()  # LC105


# name: asyncio.get_running_loop
@pytest.mark.asyncio
async def test_session(session):
    assert not session.closed
