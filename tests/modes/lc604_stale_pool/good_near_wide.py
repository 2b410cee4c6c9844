"""One engine for the module, on the module's loop; and one that keeps no connection."""

import os

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

URL = os.environ["POSTGRES_URL"].replace("postgresql:", "postgresql+asyncpg:")
anywhere = create_async_engine(URL, poolclass=NullPool)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine():
    engine = create_async_engine(URL)
    yield engine
    await engine.dispose()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("n", [1, 2])
async def test_kept(engine, n):
    async with engine.connect() as connection:
        assert await connection.scalar(text(f"select {n}")) == n


@pytest.mark.asyncio
@pytest.mark.parametrize("n", [1, 2])
async def test_anew(n):
    async with anywhere.connect() as connection:
        assert await connection.scalar(text(f"select {n}")) == n
