"""A new file for each test; and a schema that is dropped where it was made."""

import os

import aiosqlite
import pytest
import pytest_asyncio
from sqlalchemy import Column, Integer, MetaData, Table
from sqlalchemy.ext.asyncio import create_async_engine

metadata = MetaData()
boats = Table(f"boats_{os.getpid()}", metadata, Column("id", Integer))


@pytest_asyncio.fixture
async def db(tmp_path):
    async with aiosqlite.connect(tmp_path / "app.db") as db:
        await db.execute("create table users (id integer primary key)")
        yield db


@pytest_asyncio.fixture
async def engine():
    url = os.environ["POSTGRES_URL"].replace("postgresql:", "postgresql+asyncpg:")
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.drop_all)
        await connection.run_sync(metadata.create_all)
    yield engine
    async with engine.begin() as connection:
        await connection.run_sync(metadata.drop_all)
    await engine.dispose()


@pytest.mark.asyncio
@pytest.mark.parametrize("n", [1, 2])
async def test_both(db, engine, n):
    await db.execute("insert into users values (1)")
    async with engine.begin() as connection:
        await connection.execute(boats.insert().values(id=n))
