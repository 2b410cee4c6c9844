"""The failing number is no answer of a server's, or it is the one that was wanted."""

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
async def test_another_number(http):
    assert (await http.get("/users")).status_code == 500
    grams = 500
    assert grams == 250


@pytest.mark.asyncio
async def test_an_error_is_wanted(http):
    assert (await http.get("/users")).status_code == 500
    assert (await http.get("/docs")).status_code == 500
