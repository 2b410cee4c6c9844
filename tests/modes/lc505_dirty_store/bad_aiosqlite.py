"""One file for the module, through aiosqlite alone: what a test commits the next ones meet."""

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
        await connection.executescript(
            "create table if not exists cart (user text primary key, n int);"
        )
        yield connection
        await connection.commit()


async def put(db, user, n):
    await db.execute("insert into cart values (?, ?)", (user, n))


async def amount(db, user):
    async with db.execute("select n from cart where user = ?", (user,)) as cursor:
        row = await cursor.fetchone()
        return row[0] if row else 0


async def test_put(db):
    await put(db, "ann", 2)
    assert await amount(db, "ann") == 2


@pytest.mark.parametrize("user", ["ann", "bob"])
async def test_empty_by_default(db, user):
    assert await amount(db, user) == 0


async def test_no_carts(db):
    cursor = await db.cursor()
    rows = await (await cursor.execute("SELECT * FROM cart")).fetchall()
    assert rows == []


async def test_one_cart(db):
    await put(db, "cid", 1)
    async with db.execute("select count(*) from cart") as cursor:
        row = await cursor.fetchone()
    assert row[0] == 1


async def test_put_again(db):
    await put(db, "ann", 5)
