"""`engine.connect()` rolls back at its end, the tables with it."""

# name: parcels
import os

import pytest
import pytest_asyncio
from sqlalchemy import Column, Integer, MetaData, Table, select
from sqlalchemy.ext.asyncio import create_async_engine

metadata = MetaData()
parcels = Table("parcels", metadata, Column("id", Integer))


@pytest_asyncio.fixture
async def engine():
    url = os.environ["POSTGRES_URL"].replace("postgresql:", "postgresql+asyncpg:")
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        await connection.run_sync(metadata.create_all)  # LC601
    yield engine
    await engine.dispose()


@pytest.mark.asyncio
async def test_parcels(engine):
    async with engine.connect() as connection:
        assert (await connection.execute(select(parcels))).all() == []
