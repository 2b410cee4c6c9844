"""The query finds too much, and all of it is the test's own: its condition is plainly wrong."""

import aiosqlite
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return str(tmp_path_factory.mktemp("shop") / "shop.db")


@pytest_asyncio.fixture
async def db(path):
    async with aiosqlite.connect(path) as connection:
        await connection.execute("create table if not exists tea (name text, price int)")
        yield connection


async def offer(db, name, price):
    await db.execute("insert into tea values (?, ?)", (name, price))
    await db.commit()


async def cheap(db, limit):
    async with db.execute("select name from tea where price <= ?", (limit,)) as rows:
        return [name async for (name,) in rows]


async def test_expensive_ones(db):
    await offer(db, "gyokuro", 50)
    assert await cheap(db, 5) == []


async def test_cheap_ones(db):
    await offer(db, "sencha", 3)
    await offer(db, "matcha", 10)
    assert await cheap(db, 10) == ["sencha"]
