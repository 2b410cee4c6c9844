"""The session looks for the current task of its own loop: "inside a task" is misleading."""

# name: session
import os

import aiohttp
import pytest

session = None


async def fetch_menu():
    global session
    if session is None:
        session = aiohttp.ClientSession(os.environ["HTTP_URL"])  # LC102
    async with session.get("/") as response:
        return await response.text()


@pytest.mark.asyncio(loop_scope="module")
async def test_menu_at_noon():
    assert await fetch_menu() == "ok"


@pytest.mark.asyncio
async def test_menu_at_night():
    assert await fetch_menu() == "ok"
