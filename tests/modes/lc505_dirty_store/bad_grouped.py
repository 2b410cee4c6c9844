"""A query counts by group: one group is an earlier test's alone, and another one has a row more."""

# name: engine

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine(tmp_path_factory):  # LC505
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('zoo')}/zoo.db")
    async with engine.begin() as connection:
        await connection.execute(text("create table animals (name text, house text)"))
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture(loop_scope="module")
async def session(engine):
    async with AsyncSession(engine) as session:
        yield session
        await session.rollback()


async def admit(session, *animals):
    for name, house in animals:
        row = {"name": name, "house": house}
        await session.execute(text("insert into animals values (:name, :house)"), row)
    await session.commit()


async def by_house(session):
    rows = await session.execute(text("select house, count(*) from animals group by house"))
    return dict(rows.all())


async def test_admits_two(session):
    await admit(session, ("Otto", "apes"), ("Ida", "birds"))


async def test_counts_by_house(session):
    await admit(session, ("Emil", "birds"), ("Mia", "fish"))
    assert await by_house(session) == {"birds": 1, "fish": 1}
