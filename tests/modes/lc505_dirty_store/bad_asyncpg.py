"""asyncpg without an ORM: each statement outside of a transaction is committed at once."""

# name: db
import os

import asyncpg
import pytest
import pytest_asyncio

LEDGER = f"ledger_of_{os.getpid()}"  # the server is there for others, too
pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def url():
    connection = await asyncpg.connect(os.environ["POSTGRES_URL"])
    await connection.execute(f"create table {LEDGER} (id int primary key, sum int)")
    await connection.close()
    return os.environ["POSTGRES_URL"]


@pytest_asyncio.fixture
async def db(url):  # LC505
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


async def book(db, number, amount=0):
    await db.execute(f"insert into {LEDGER}(id, sum) values ($1, $2)", number, amount)


async def test_books(db):
    await book(db, 1, 5)
    assert await db.fetchval(f"select coalesce(sum(sum), 0) from {LEDGER}") == 5


async def test_books_in_a_transaction(db):
    async with db.transaction():
        await book(db, 7, 70)


async def test_nothing_booked(db):
    assert await db.fetchval(f"select coalesce(sum(sum), 0) from {LEDGER}") == 0


async def test_no_seventh(db):
    row = await db.fetchrow(f"select * from {LEDGER} where id = $1", 7)
    assert row is None


async def test_books_again(db):
    await book(db, 1, 2)
