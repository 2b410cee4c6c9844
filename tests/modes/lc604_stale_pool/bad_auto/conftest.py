import os

import pytest
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine


@pytest.fixture(scope="session")
def engine():  # LC604
    url = os.environ["POSTGRES_URL"].replace("postgresql:", "postgresql+asyncpg:")
    return create_async_engine(url, pool_pre_ping=True)


@pytest.fixture
async def session(engine):
    async with async_sessionmaker(engine)() as session:
        yield session
