"""The test sees a 500; the reason stands in the server's log."""

# name: users
import aiosqlite
import httpx
import pytest
import pytest_asyncio
from shop import create_app


@pytest_asyncio.fixture
async def http(tmp_path):
    async with aiosqlite.connect(tmp_path / "shop.db") as db:
        transport = httpx.ASGITransport(create_app(db))
        async with httpx.AsyncClient(transport=transport, base_url="http://t") as http:
            yield http


@pytest.mark.asyncio
async def test_users(http):
    answer = await http.get("/users")
    assert answer.status_code == 200


@pytest.mark.asyncio
async def test_users_or_raise(http):
    (await http.get("/users")).raise_for_status()
