"""A URL without the asynchronous driver."""

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import create_async_engine

DATABASE_URL = "sqlite:///shop.db"  # LC605


@pytest_asyncio.fixture
async def engine():
    engine = create_async_engine(DATABASE_URL)
    yield engine
    await engine.dispose()


# name: create_async_engine
@pytest.mark.asyncio
async def test_connect(engine):
    async with engine.connect() as connection:
        assert connection is not None
