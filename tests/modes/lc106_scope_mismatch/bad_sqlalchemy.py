"""The engine is made anew for each test, and yet on the session's loop."""

# name: engine
import os

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


@pytest_asyncio.fixture(loop_scope="session")
async def engine():  # LC106
    url = os.environ["POSTGRES_URL"].replace("postgresql:", "postgresql+asyncpg:")
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("select 0"))
    yield engine


@pytest.mark.asyncio
async def test_one(engine):
    async with engine.connect() as connection:
        assert await connection.scalar(text("select 1")) == 1
