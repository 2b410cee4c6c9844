"""Nothing but the sessionmaker knows the engine."""

# name: make_session
import os

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

URL = os.environ["POSTGRES_URL"].replace("postgresql:", "postgresql+asyncpg:")
make_session = async_sessionmaker(create_async_engine(URL))  # LC102


@pytest.mark.asyncio(loop_scope="module")
async def test_one_book():
    async with make_session() as session:
        assert await session.scalar(text("select 1")) == 1


@pytest.mark.asyncio
async def test_two_books():
    async with make_session() as session, session.begin():
        assert await session.scalar(text("select 2")) == 2
