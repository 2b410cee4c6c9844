"""Rows of an earlier test are in the table, but what is missing or different is the test's own."""

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine(tmp_path_factory):
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('zoo')}/zoo.db")
    async with engine.begin() as connection:
        await connection.execute(text("create table animals (name text, house text)"))
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture(loop_scope="module")
async def session(engine):
    async with AsyncSession(engine) as session:
        yield session


async def admit(session, name, house):
    row = {"name": name, "house": house}
    await session.execute(text("insert into animals values (:name, :house)"), row)
    await session.commit()


async def by_house(session):
    rows = await session.execute(text("select house, count(*) from animals group by house"))
    return dict(rows.all())


async def test_admits_one(session):
    await admit(session, "Otto", "apes")


async def test_a_house_is_missing(session):  # fails: nobody admits a fish
    await admit(session, "Emil", "birds")
    assert await by_house(session) == {"birds": 1, "fish": 1}


async def test_a_house_has_too_few(session):  # fails: one bird was not admitted
    await admit(session, "Ida", "bugs")
    assert await by_house(session) == {"apes": 1, "birds": 1, "bugs": 2}


async def test_names_in_the_wrong_order(session):  # fails: all are there, and nothing else
    rows = await session.execute(text("select name from animals order by name"))
    assert [name for [name] in rows] == ["Otto", "Ida", "Emil"]
