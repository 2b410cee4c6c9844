"""LC607: implicit I/O outside the greenlet, on the one loop there is."""

import os

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


@pytest.mark.asyncio
async def test_synchronous_use_of_an_async_engine():
    url = os.environ["POSTGRES_URL"].replace("postgresql:", "postgresql+asyncpg:")
    engine = create_async_engine(url)
    with engine.sync_engine.connect() as connection:
        connection.execute(text("select 1"))
