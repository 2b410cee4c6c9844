"""A deferred column is no part of its query, and a plain function looks at it."""

# name: Article.body
import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Article(Base):
    __tablename__ = "articles"
    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(deferred=True)


def to_dict(article):
    return {"id": article.id, "body": article.body}  # LC607


@pytest_asyncio.fixture
async def session():
    engine = create_async_engine("sqlite+aiosqlite://")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with async_sessionmaker(engine, expire_on_commit=False)() as session:
        session.add(Article(id=1, body="long"))
        await session.commit()
        session.expunge_all()
        yield session
    await engine.dispose()


@pytest.mark.asyncio
async def test_to_dict(session):
    article = (await session.scalars(select(Article))).one()
    assert to_dict(article) == {"id": 1, "body": "long"}
