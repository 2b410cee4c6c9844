"""Errors that the database explains itself, and tables whose absence is meant."""

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
async def test_a_slip_of_the_pen(db):
    await db.execute("select * from usres")


@pytest.mark.asyncio
async def test_no_such_column(db):
    await db.execute("select email from users")


@pytest.mark.asyncio
async def test_a_table_is_gone_on_purpose_and_the_sum_is_wrong(db):
    await db.execute("drop table users")
    with pytest.raises(sqlite3.OperationalError):
        await db.execute("select * from users")
    assert 1 + 1 == 3


@pytest.mark.asyncio
async def test_own_words():
    raise sqlite3.OperationalError("database is locked")
