import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine


@pytest.fixture
async def engine(tmp_path):
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{tmp_path}/shop.db", pool_size=1, max_overflow=0, pool_timeout=0.3
    )
    yield engine
    await engine.dispose()


@pytest.fixture
async def catalogue(engine):  # LC603
    session = AsyncSession(engine)  # LC603
    await session.execute(text("create table if not exists books (title text)"))
    yield session
    await session.close()
