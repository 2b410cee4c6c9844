"""One database for the module, and a query with a condition that an earlier row meets, too."""

# name: db

import aiosqlite
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return str(tmp_path_factory.mktemp("shop") / "shop.db")


@pytest_asyncio.fixture
async def db(path):  # LC505
    async with aiosqlite.connect(path) as connection:
        await connection.execute("create table if not exists tea (name text, price int)")
        yield connection


async def offer(db, name, price):
    await db.execute("insert into tea values (?, ?)", (name, price))
    await db.commit()


async def cheap(db, limit):
    async with db.execute("select name from tea where price < ? order by name", (limit,)) as rows:
        return [name async for (name,) in rows]


async def test_assam(db):
    await offer(db, "assam", 4)
    assert await cheap(db, 5) == ["assam"]


async def test_cheap_ones(db):
    await offer(db, "sencha", 3)
    await offer(db, "matcha", 20)
    assert await cheap(db, 10) == ["sencha"]
