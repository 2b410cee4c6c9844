"""A fixture returns from within its `async with`: what it gives is closed already."""

# name: db
import aiosqlite
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def db(tmp_path):  # LC604
    async with aiosqlite.connect(tmp_path / "notes.db") as db:
        await db.execute("create table notes (text)")
        return db


@pytest.mark.asyncio
async def test_notes(db):
    await db.execute("insert into notes values ('milk')")
