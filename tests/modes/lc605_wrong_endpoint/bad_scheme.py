"""A URL of SQLAlchemy's for asyncpg itself."""

import asyncpg
import pytest

DSN = "postgresql+asyncpg://app:s3cret@localhost/app"  # LC605


async def open_pool():
    return await asyncpg.create_pool(DSN, min_size=1)


# name: asyncpg.create_pool
@pytest.mark.asyncio
async def test_pool():
    pool = await open_pool()
    await pool.close()
