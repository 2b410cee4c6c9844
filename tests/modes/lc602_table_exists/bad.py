"""The fixture is new for each test, its file is not."""

# name: users
import aiosqlite
import pytest
import pytest_asyncio


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("db") / "app.db"


@pytest_asyncio.fixture
async def db(path):
    async with aiosqlite.connect(path) as db:
        await db.execute("create table users (id integer primary key)")  # LC602
        yield db


@pytest.mark.asyncio
@pytest.mark.parametrize("user", [1, 2])
async def test_user(db, user):
    await db.execute(f"insert into users values ({user})")
