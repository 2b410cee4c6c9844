"""A sessionmaker at module level: the engine behind it is the one that crossed."""

# name: engine
import os

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(  # LC102
    os.environ["POSTGRES_URL"].replace("postgresql:", "postgresql+asyncpg:")
)
make_session = async_sessionmaker(engine, expire_on_commit=False)


async def patients(n):
    async with make_session() as session:
        return await session.scalar(text(f"select {n}"))


@pytest.mark.asyncio(loop_scope="module")
async def test_patients_in_the_morning():
    assert await patients(3) == 3


@pytest.mark.asyncio
async def test_patients_in_the_evening():
    assert await patients(4) == 4
