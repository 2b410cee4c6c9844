"""Each test finds a file of its own at the same path, or an empty table: what fails is its own."""

import aiosqlite
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("shop")


@pytest_asyncio.fixture
async def db(folder):
    (folder / "shop.db").unlink(missing_ok=True)
    async with aiosqlite.connect(folder / "shop.db") as connection:
        await connection.execute("create table if not exists cart (user text, n int)")
        yield connection


@pytest_asyncio.fixture
async def emptied(folder):
    async with aiosqlite.connect(folder / "kept.db") as connection:
        await connection.execute("create table if not exists cart (user text unique, n int)")
        cursor = await connection.cursor()
        await cursor.execute("delete from cart")
        await connection.commit()
        yield connection


async def put_twice(db):  # the slip
    await db.execute("insert into cart values ('ann', 2)")
    await db.execute("insert into cart values ('ann', 2)")
    await db.commit()


async def count(db):
    async with db.execute("select count(*) from cart") as cursor:
        return (await cursor.fetchone())[0]


async def test_puts(db):
    await put_twice(db)


async def test_puts_one(db):
    await put_twice(db)
    assert await count(db) == 1


async def test_puts_in_what_was_emptied(emptied):
    await emptied.execute("insert into cart values ('ann', 2)")
    await emptied.commit()


async def test_puts_twice_in_what_was_emptied(emptied):
    await put_twice(emptied)
