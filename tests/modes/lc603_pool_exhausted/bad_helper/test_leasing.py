"""A helper takes the connection under a limit of its own: before 3.12 in another task."""

# name: connection
import os

import asyncpg
import pytest
import pytest_asyncio
from leasing import Leaser


@pytest_asyncio.fixture
async def leaser():
    pool = await asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=2)
    yield Leaser(pool)
    pool.terminate()


@pytest.mark.asyncio
async def test_several(leaser):
    said = [await leaser.run(f"select nullif({number} % 2, 0)") for number in range(5)]
    assert said == ["nothing", 1, "nothing", 1, "nothing"]
