"""pytest-trio runs a test whose database client needs asyncio's loop."""

import aiosqlite
import pytest


async def count():
    async with aiosqlite.connect(":memory:") as connection:
        await connection.execute("CREATE TABLE boxes (name)")
        rows = await connection.execute_fetchall("SELECT count(*) FROM boxes")
        return next(iter(rows))[0]


# name: aiosqlite.connect
@pytest.mark.trio  # LC312
async def test_no_boxes():
    assert await count() == 0
