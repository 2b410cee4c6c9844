"""SQLAlchemy hands the refusal on as it is."""

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

DATABASE = {"user": "app", "host": "127.0.0.1", "port": 9, "name": "app"}  # LC506


@pytest.fixture(scope="session")
def engine():
    url = "postgresql+asyncpg://{user}:pw@{host}:{port}/{name}".format(**DATABASE)
    return create_async_engine(url)


@pytest_asyncio.fixture
async def session(engine):
    async with async_sessionmaker(engine)() as session:
        yield session


# name: session | engine
@pytest.mark.asyncio
async def test_one(session):
    assert (await session.execute(text("select 1"))).scalar() == 1
