"""One database connection, closed by the last test on a loop that is not its own."""

# name: connection | kept["connection"]
import os

import asyncpg
import pytest

kept = {}  # LC101


@pytest.mark.asyncio
async def test_row_is_read():
    kept["connection"] = await asyncpg.connect(os.environ["POSTGRES_URL"])  # LC101
    assert await kept["connection"].fetchval("select 1") == 1


@pytest.mark.asyncio
async def test_connection_is_closed():
    await kept["connection"].close()
