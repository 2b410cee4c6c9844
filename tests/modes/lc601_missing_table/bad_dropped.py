"""A test drops what the module's tests share."""

# name: rooms
import aiosqlite
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def db(tmp_path_factory):
    async with aiosqlite.connect(tmp_path_factory.mktemp("db") / "hotel.db") as db:
        await db.execute("create table rooms (number integer)")
        yield db


async def test_clean_up(db):
    await db.execute("drop table rooms")  # LC601


async def test_rooms(db):
    await db.execute("insert into rooms values (7)")
