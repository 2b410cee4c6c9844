import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


@pytest.fixture
async def engine(tmp_path):
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/airport.db")
    yield engine
    await engine.dispose()


@pytest.fixture
async def planes(engine):
    async with engine.begin() as connection:
        await connection.execute(text("create table planes (id int)"))
    return "planes"
