"""A second table is refused on purpose; `if not exists` is enough; words of one's own."""

import sqlite3

import aiosqlite
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def db():
    async with aiosqlite.connect(":memory:") as db:
        await db.execute("create table users (name text)")
        yield db


@pytest.mark.asyncio
async def test_a_second_table_is_refused(db):
    with pytest.raises(sqlite3.OperationalError):
        await db.execute("create table users (name text)")
    await db.execute("create table if not exists users (name text)")
    assert 1 + 1 == 3


@pytest.mark.asyncio
async def test_own_words():
    raise RuntimeError("table users already exists")


@pytest.mark.asyncio
async def test_a_row_is_there_already(db):
    await db.execute("create unique index one on users (name)")
    await db.execute("insert into users values ('ada')")
    await db.execute("insert into users values ('ada')")
