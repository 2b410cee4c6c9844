"""Ends that are meant: each is expected, and what fails afterwards fails plainly."""

import os

import aiosqlite
import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ResourceClosedError
from sqlalchemy.ext.asyncio import create_async_engine


@pytest.mark.asyncio
async def test_a_closed_pool_refuses():
    pool = await asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=1)
    await pool.close()
    with pytest.raises(asyncpg.InterfaceError):
        await pool.fetch("select 1")


@pytest.mark.asyncio
async def test_a_closed_connection_refuses_and_the_sum_is_wrong():
    engine = create_async_engine("sqlite+aiosqlite://")
    async with engine.connect() as connection:
        pass
    with pytest.raises(ResourceClosedError):
        await connection.execute(text("select 1"))
    await engine.dispose()
    assert 1 + 1 == 3


@pytest.mark.asyncio
async def test_a_closed_connection_is_survived_and_the_menu_is_short():
    db = await aiosqlite.connect(":memory:")
    await db.close()
    menu = {}
    try:
        await db.execute("select 1")
    except ValueError:
        menu["soup"] = 3
    assert menu["fish"] == 9


@pytest.mark.asyncio
async def test_a_syntax_error_of_a_good_connection():
    connection = await asyncpg.connect(os.environ["POSTGRES_URL"])
    try:
        await connection.execute("selct 1")
    finally:
        await connection.close()
