"""One database in memory for all: a fixture drops what the next test asks for without it."""

# name: tasks
import pytest
import pytest_asyncio
from sqlalchemy import Column, Integer, MetaData, Table, select
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import StaticPool

metadata = MetaData()
tasks = Table("tasks", metadata, Column("id", Integer))
engine = create_async_engine(
    "sqlite+aiosqlite:///file:shared?mode=memory&cache=shared&uri=true", poolclass=StaticPool
)


@pytest_asyncio.fixture
async def schema():
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield
    async with engine.begin() as connection:
        await connection.run_sync(metadata.drop_all)  # LC601


async def count():
    async with engine.connect() as connection:
        return len((await connection.execute(select(tasks))).all())


@pytest.mark.asyncio
async def test_none(schema):
    assert await count() == 0


@pytest.mark.asyncio
async def test_none_again():
    assert await count() == 0
