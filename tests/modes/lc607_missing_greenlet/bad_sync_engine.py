"""The synchronous side of an async engine is called directly."""

# name: engine.sync_engine.connect
import os

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


@pytest.mark.asyncio
async def test_one():
    url = os.environ["POSTGRES_URL"].replace("postgresql:", "postgresql+asyncpg:")
    engine = create_async_engine(url)
    with engine.sync_engine.connect() as connection:  # LC607
        assert connection.scalar(text("select 1")) == 1
