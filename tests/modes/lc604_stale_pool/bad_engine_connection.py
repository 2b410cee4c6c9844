"""A connection of SQLAlchemy's is kept beyond its `async with`."""

# name: connection
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


@pytest_asyncio.fixture
async def engine():
    engine = create_async_engine("sqlite+aiosqlite://")
    yield engine
    await engine.dispose()


@pytest.mark.asyncio
async def test_books(engine):
    async with engine.connect() as connection:  # LC604
        await connection.execute(text("create table books (title text)"))
    await connection.execute(text("insert into books values ('Emma')"))
