"""A unit of work makes a session, and its `__aexit__` does not close it."""

# name: self.session
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine


class UnitOfWork:
    def __init__(self, make_session):
        self.make_session = make_session

    async def __aenter__(self):
        self.session = self.make_session()  # LC603
        return self

    async def __aexit__(self, *_):
        await self.session.flush()

    async def number(self, n):
        return await self.session.scalar(text(f"select {n}"))


@pytest_asyncio.fixture
async def make_session(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/shop.db"
    engine = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.3)
    yield async_sessionmaker(engine)
    await engine.dispose()


@pytest.mark.asyncio
async def test_two(make_session):
    async with UnitOfWork(make_session) as first:
        assert await first.number(1) == 1
    async with UnitOfWork(make_session) as second:
        assert await second.number(2) == 2
