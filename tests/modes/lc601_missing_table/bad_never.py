"""A new file, and nobody makes the table."""

# name: notes
import aiosqlite
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def db():  # LC601
    async with aiosqlite.connect(":memory:") as db:
        yield db


@pytest.mark.asyncio
async def test_notes(db):
    await db.execute("insert into notes values ('milk')")
