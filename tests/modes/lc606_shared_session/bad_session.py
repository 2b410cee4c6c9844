"""A session's first two queries come together, on SQLite: the refusal comes from its `close()`."""

# name: session
import asyncio

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine


@pytest_asyncio.fixture
async def engine():
    engine = create_async_engine("sqlite+aiosqlite://")
    yield engine
    await engine.dispose()


@pytest.mark.asyncio
async def test_report(engine):
    async with AsyncSession(engine) as session:
        one, two = session.execute(text("select 1")), session.execute(text("select 2"))
        await asyncio.gather(one, two)  # LC606
