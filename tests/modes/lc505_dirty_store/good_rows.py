"""What a transaction takes back is not left, and other failures over a shared table."""

import pytest
import pytest_asyncio
from sqlalchemy import Column, Integer, MetaData, String, Table, func, insert, select
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import StaticPool

meta = MetaData()
fruits = Table("fruits", meta, Column("id", Integer, primary_key=True), Column("name", String))
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine():
    engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
    async with engine.begin() as connection:
        await connection.run_sync(meta.create_all)
        await connection.execute(insert(fruits).values(name="apple"))
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture(loop_scope="module")
async def connection(engine):
    async with engine.connect() as connection:
        yield connection
        await connection.rollback()


async def test_adds(connection):
    await connection.execute(insert(fruits).values(name="pear"))


async def test_counts_wrongly(connection):  # fails: the fixture's row, and no other's
    count = (await connection.execute(select(func.count()).select_from(fruits))).scalar()
    assert count == 2


async def test_same_id(connection):  # fails: both rows are its own
    await connection.execute(insert(fruits).values(id=9, name="fig"))
    await connection.execute(insert(fruits).values(id=9, name="date"))


async def test_leaves_a_row(engine):
    async with engine.begin() as connection:
        await connection.execute(insert(fruits).values(id=50, name="quince"))


async def test_same_id_over_a_used_table(connection):  # fails: both rows are its own
    await connection.execute(insert(fruits).values(id=60, name="fig"))
    await connection.execute(insert(fruits).values(id=60, name="date"))
