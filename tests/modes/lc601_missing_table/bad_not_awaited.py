"""`create_all` is handed the async engine itself."""

# name: create_all
import pytest
import pytest_asyncio
from sqlalchemy import Column, Integer, MetaData, Table, text
from sqlalchemy.ext.asyncio import create_async_engine

metadata = MetaData()
Table("users", metadata, Column("id", Integer))


@pytest_asyncio.fixture
async def engine():
    engine = create_async_engine("sqlite+aiosqlite://")
    metadata.create_all(engine)  # LC601
    yield engine
    await engine.dispose()


@pytest.mark.asyncio
async def test_users(engine):
    async with engine.connect() as connection:
        await connection.execute(text("select * from users"))
