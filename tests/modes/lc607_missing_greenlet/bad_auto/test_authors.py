"""A relationship is loaded when it is looked at; `expire_on_commit=False` does not change that."""

# name: Author.books
import os

import pytest
from models import Author, Base, Book
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine


@pytest.fixture
async def make_session():
    url = os.environ["POSTGRES_URL"].replace("postgresql:", "postgresql+asyncpg:")
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
        await connection.run_sync(Base.metadata.create_all)
    make_session = async_sessionmaker(engine, expire_on_commit=False)
    async with make_session() as session, session.begin():
        session.add(Author(id=1, books=[Book(title="Emma")]))
    yield make_session
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
    await engine.dispose()


async def test_titles(make_session):
    async with make_session() as session:
        author = (await session.scalars(select(Author))).one()
        assert author.titles() == ["Emma"]
