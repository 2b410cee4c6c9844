"""LC604: an engine that outlived its loop says "attached to a different loop"."""

import os

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    os.environ["POSTGRES_URL"].replace("postgresql:", "postgresql+asyncpg:")
)


async def count_to(n):
    async with engine.connect() as connection:
        return (await connection.execute(text(f"select {n}"))).scalar()


@pytest.mark.asyncio
async def test_one_patient():
    assert await count_to(1) == 1


@pytest.mark.asyncio
async def test_two_patients():
    assert await count_to(2) == 2
