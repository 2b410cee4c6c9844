"""What a library makes for itself and lets go of is no call that anybody here could await."""

import gc

import pytest
import pytest_asyncio
from sqlalchemy import ForeignKey
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    books: Mapped[list["Book"]] = relationship()


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))


@pytest_asyncio.fixture
async def session():
    engine = create_async_engine("sqlite+aiosqlite://")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with async_sessionmaker(engine)() as session:
        session.add(Author(id=1))
        await session.commit()
        session.expunge_all()
        yield session
    await engine.dispose()


@pytest.mark.asyncio
async def test_books_are_not_loaded_by_a_look(session):
    author = await session.get(Author, 1)
    with pytest.raises(StatementError):
        author.books  # noqa: B018
    gc.collect()
