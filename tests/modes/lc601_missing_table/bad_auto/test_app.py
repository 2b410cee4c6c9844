"""The fixture makes the schema on an engine of its own, the application has another."""

# name: orders
import app
import pytest
from sqlalchemy.ext.asyncio import create_async_engine


@pytest.fixture
async def schema():
    engine = create_async_engine("sqlite+aiosqlite://")
    async with engine.begin() as connection:
        await connection.run_sync(app.Base.metadata.create_all)
    yield
    await engine.dispose()


async def test_count(schema):
    assert await app.count() == 0
    await app.engine.dispose()
