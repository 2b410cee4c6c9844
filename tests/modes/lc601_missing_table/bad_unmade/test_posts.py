"""One fixture has the engine, another the session, and none creates the schema."""

# name: posts

import pytest
import pytest_asyncio
from models import Post
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine


@pytest_asyncio.fixture
async def engine(tmp_path):
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/blog.db")
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture
async def session(engine):  # LC601
    async with async_sessionmaker(engine)() as session:
        yield session


@pytest.mark.asyncio
async def test_posts(session):
    session.add(Post(title="Grüße"))
    await session.commit()
    assert (await session.scalars(select(Post.title))).all() == ["Grüße"]
