"""A fixture's session has flushed a row and stays open while the tested code saves another one."""

# name: boats

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine


@pytest_asyncio.fixture
async def engine(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/lake.db"
    engine = create_async_engine(url, connect_args={"timeout": 0.2})
    async with engine.begin() as connection:
        await connection.execute(text("create table boats (name text)"))
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture
async def boats(engine):
    async with AsyncSession(engine) as boats:
        await boats.execute(text("insert into boats values ('Anna')"))  # LC603
        yield boats


@pytest.mark.asyncio
async def test_another_boat(engine, boats):
    async with AsyncSession(engine) as session:
        await session.execute(text("insert into boats values ('Berta')"))
        await session.commit()
