"""A dependency of a web framework is taken by hand, and its session stays open."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.sql import text


async def get_session():
    engine = create_async_engine("sqlite+aiosqlite://")
    try:
        async with AsyncSession(engine) as session:
            yield session
    finally:
        await engine.dispose()


# name: get_session
@pytest.mark.asyncio
async def test_query():
    dependency = get_session()  # LC206
    session = await anext(dependency)
    assert (await session.execute(text("select 1"))).scalar() == 1
