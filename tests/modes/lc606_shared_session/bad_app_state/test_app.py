"""Requests at once, and a tear-down that closes the session: one fault."""

# name: app.state.session
import asyncio

import httpx
import pytest
from app import create_app


@pytest.fixture
async def http(tmp_path):
    app = create_app(f"sqlite+aiosqlite:///{tmp_path}/numbers.db")
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        yield client
    await app.state.session.close()
    await app.state.engine.dispose()


async def test_numbers(http):
    replies = await asyncio.gather(*(http.get(f"/n/{n}") for n in range(4)))
    assert [reply.json()["n"] for reply in replies] == [0, 1, 2, 3]
