"""The fixture makes the schema in a file, the application asks its own database."""

# name: products
import httpx
import pytest
from shop import app
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


@pytest.fixture
async def http(tmp_path):
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/shop.db")
    async with engine.begin() as connection:
        await connection.execute(text("create table products (name text)"))
    await engine.dispose()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as client:
        yield client


async def test_no_products(http):
    assert (await http.get("/products")).json() == []
