"""All but two fail for themselves, over a table in which an earlier test has left a row."""

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
        await connection.execute("create table if not exists cart (user text primary key, n int)")
        await connection.execute("insert or ignore into cart values ('house', 7)")
        await connection.commit()
        yield connection


async def put(db, user, n):
    await db.execute("insert into cart values (?, ?)", (user, n))


async def count(db):
    async with db.execute("select count(*) from cart") as cursor:
        return (await cursor.fetchone())[0]


async def amount(db, user):
    async with db.execute("select n from cart where user = ?", (user,)) as cursor:
        row = await cursor.fetchone()
        return row[0] if row else 0


async def test_leaves_a_row(db):
    await put(db, "ann", 2)
    await db.commit()


async def test_what_is_not_committed_is_not_left(db):
    await put(db, "eve", 3)


async def test_refused_where_that_is_asked_for(db):
    with pytest.raises(aiosqlite.IntegrityError):
        await put(db, "house", 9)
    await db.commit()


async def test_too_few(db):  # expects more than there are, with all that is left
    assert await count(db) == 99


async def test_with_the_house_it_is_never_empty(db):
    assert await count(db) == 0


async def test_the_house_is_the_fixtures(db):
    assert await amount(db, "house") == 0


async def test_house_again(db):
    await put(db, "house", 9)


async def test_its_own_row(db):
    await put(db, "bob", 4)
    assert await amount(db, "bob") == 0


async def test_its_own_row_twice(db):
    await put(db, "cid", 2)
    await put(db, "cid", 2)


async def test_another_amount(db):  # what is left is what it looks for: its number is wrong
    assert await amount(db, "ann") == 20
