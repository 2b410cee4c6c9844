"""A table whose module nobody imports has a name like one that is known."""

# name: teams
import pytest
import pytest_asyncio
from items import Base
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


@pytest_asyncio.fixture
async def engine(tmp_path):
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/a.db")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)  # LC601
    yield engine
    await engine.dispose()


@pytest.mark.asyncio
async def test_teams(engine):
    async with engine.connect() as connection:
        assert (await connection.execute(text("select * from teams"))).all() == []
