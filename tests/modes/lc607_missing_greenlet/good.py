"""Columns are kept over a commit, relationships are loaded while awaiting."""

import pytest
import pytest_asyncio
from sqlalchemy import ForeignKey, select
from sqlalchemy.exc import MissingGreenlet
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload


class Base(DeclarativeBase):
    pass


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    posts: Mapped[list[Post]] = relationship()


@pytest_asyncio.fixture
async def session():
    engine = create_async_engine("sqlite+aiosqlite://")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine, expire_on_commit=False) as session:
        session.add(User(id=1, name="ada", posts=[Post(id=1)]))
        await session.commit()
        yield session
    await engine.dispose()


@pytest.mark.asyncio
async def test_column_after_commit(session):
    user = await session.get(User, 1)
    await session.commit()
    assert user.name == "ada"


@pytest.mark.asyncio
async def test_posts_with_the_query(session):
    session.expunge_all()
    query = select(User).options(selectinload(User.posts))
    assert len((await session.scalars(query)).one().posts) == 1


@pytest.mark.asyncio
async def test_a_refusal_is_expected_and_the_name_is_another(session):
    user = await session.get(User, 1)
    session.expire(user)
    with pytest.raises(Exception) as caught:
        user.name  # noqa: B018
    assert isinstance(caught.value.__cause__, MissingGreenlet)
    await session.refresh(user)
    assert user.name == "eve"


@pytest.mark.asyncio
async def test_no_such_attribute(session):
    user = await session.get(User, 1)
    assert user.email == "ada@example.org"
