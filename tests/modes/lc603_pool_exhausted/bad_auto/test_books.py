"""A fixture's session begins a transaction and keeps the only connection while the test runs."""

# name: catalogue | session
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def test_books(engine, catalogue):
    async with AsyncSession(engine) as session:
        assert (await session.execute(text("select count(*) from books"))).scalar() == 0
