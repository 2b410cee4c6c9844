"""Connections of aiosqlite that are closed, were never opened, or are a pool's to close."""

from contextlib import AsyncExitStack

import aiosqlite
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

pytestmark = pytest.mark.asyncio


async def end(*connections):
    for one in connections:
        await one.close()


@pytest_asyncio.fixture
async def journal(tmp_path):
    async with aiosqlite.connect(tmp_path / "journal.db") as journal:
        yield journal


async def test_with(journal):
    await journal.execute("create table entry (text)")


async def test_helper():
    entries = await aiosqlite.connect(":memory:")
    await end(entries)


async def test_stack():
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(aiosqlite.connect(":memory:"))


async def test_never_opened():
    assert aiosqlite.connect(":memory:") is not None


async def test_pool(tmp_path):
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/pool.db")
    async with engine.connect() as connection:
        await connection.execute(text("select 1"))
    await engine.dispose()


async def test_a_plain_slip(journal):
    await journal.execute("create tble entry (text)")
