"""The row is written out in the statement, and the driver is loaded with the first engine."""

# name: db
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

pytestmark = pytest.mark.asyncio


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    return f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('shop')}/shop.db"


@pytest_asyncio.fixture
async def db(url):  # LC505
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("create table if not exists cart (u text primary key)"))
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


async def test_put(db):
    await db.execute(text("insert into cart(u) values ('ann')"))
    await db.commit()


async def test_put_again(db):
    await db.execute(text("insert into cart(u) values ('ann')"))
