import aiosqlite
import pytest
import pytest_asyncio


@pytest.fixture(scope="session")
def database_file(tmp_path_factory):
    return tmp_path_factory.mktemp("db") / "shop.db"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def migrated(database_file):
    async with aiosqlite.connect(database_file) as db:
        await db.execute("create table users (name text)")
        await db.commit()
    yield database_file


@pytest_asyncio.fixture
async def db(migrated):
    async with aiosqlite.connect(migrated) as db:
        yield db


@pytest_asyncio.fixture
async def user_count(db):
    async with db.execute("select count(*) from users") as cursor:
        return await cursor.fetchone()
