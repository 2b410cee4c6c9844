"""A repository keeps the generator that SQLAlchemy's session would have come out of."""

# name: self.session

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

make_session = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


async def open_session():
    async with make_session() as session:
        yield session


class Users:
    def __init__(self, session):
        self.session = session

    async def count(self):
        return await self.session.scalar(text("select 1"))


@pytest.mark.asyncio
async def test_count():
    users = Users(open_session())  # LC507
    assert await users.count() == 1
