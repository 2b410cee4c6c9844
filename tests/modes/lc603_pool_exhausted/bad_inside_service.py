"""A method that takes a connection of its own, called by one that holds one already."""

# name: connection

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


class Harbour:
    def __init__(self, engine):
        self.engine = engine

    async def depth(self, metres):
        async with self.engine.connect() as own:
            return (await own.execute(text(f"select {metres}"))).scalar()

    async def moor(self, ships):
        async with self.engine.begin() as connection:
            await connection.execute(text("create table ships (name text)"))
            for ship in ships:
                if await self.depth(7) > 5:  # LC603
                    await connection.execute(text(f"insert into ships values ('{ship}')"))


@pytest_asyncio.fixture
async def harbour(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/harbour.db"
    engine = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.3)
    yield Harbour(engine)
    await engine.dispose()


@pytest.mark.asyncio
async def test_two_ships(harbour):
    await harbour.moor(["Anna", "Berta"])
