# name: db
"""The fixture calls its session otherwise than the test; its clean-up is refused as well."""

import asyncio

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine


@pytest_asyncio.fixture
async def db():
    engine = create_async_engine("sqlite+aiosqlite://")
    async with AsyncSession(engine) as session:
        yield session
    await engine.dispose()


async def total(db, number):
    return (await db.execute(sa.text("select :n"), {"n": number})).scalar()


@pytest.mark.asyncio
async def test_report(db):
    assert await asyncio.gather(total(db, 1), total(db, 2)) == [1, 2]  # LC606
