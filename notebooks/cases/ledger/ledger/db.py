"""The way to the database: an engine, its tables, and a session for each book."""

from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from ledger.models import Base

POOL = 10  # 5 were not enough
sessions = {}  # connections are dear: a book keeps its own


def connect(url):
    return create_async_engine(url, pool_size=POOL, max_overflow=0, pool_timeout=0.2)


async def make_tables(url):
    engine = connect(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()


@asynccontextmanager
async def session(engine, book):
    if book not in sessions:
        sessions[book] = AsyncSession(engine)
    yield sessions[book]
