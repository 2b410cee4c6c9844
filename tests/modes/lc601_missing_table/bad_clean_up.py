"""The clean-up fails, too: the error about the missing table is on its way out."""

# name: users
# findings: 2
import aiosqlite
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

pytestmark = pytest.mark.asyncio


async def test_a_connection():
    names = []
    async with aiosqlite.connect(":memory:") as db:  # LC601
        try:
            names = [row async for row in await db.execute("select name from users")]
        finally:
            assert names == [("ann",)]


async def test_an_engine():
    rows = None
    engine = create_async_engine("sqlite+aiosqlite:///:memory:")  # LC601
    try:
        async with engine.connect() as connection:
            rows = (await connection.execute(text("select * from users"))).all()
    finally:
        await engine.dispose()
        assert rows
