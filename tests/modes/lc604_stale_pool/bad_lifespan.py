"""A test without the fixture meets the pool that an earlier fixture's end has closed."""

# name: state.db
import os
from contextlib import asynccontextmanager

import asyncpg
import pytest
import pytest_asyncio


class State:
    db = None


state = State()


@asynccontextmanager
async def lifespan():
    state.db = await asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=2)
    try:
        yield
    finally:
        await state.db.close()  # LC604


@pytest_asyncio.fixture
async def app():
    async with lifespan():
        yield


@pytest.mark.asyncio
async def test_item(app):
    assert await state.db.fetchval("select 3") == 3


@pytest.mark.asyncio
async def test_item_again():
    assert await state.db.fetchval("select 4") == 4
