"""Migrations are right for one database: a fixture runs them again for each test."""

# name: accounts
import aiosqlite
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


async def upgrade(db):
    for step in ("create table accounts (owner text)", "create index by_owner on accounts (owner)"):
        await db.execute(step)
    await db.commit()


@pytest_asyncio.fixture
async def db(tmp_path_factory):
    async with aiosqlite.connect(tmp_path_factory.getbasetemp() / "bank.db") as db:
        await upgrade(db)  # LC602
        yield db


async def test_an_account_is_opened(db):
    await db.execute("insert into accounts values ('Ada')")


async def test_there_is_no_account(db):
    assert not await db.execute_fetchall("select * from accounts")
