"""A plain fixture makes the sessions of an engine whose tables are never created."""

# name: posts
import posts
import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine


@pytest_asyncio.fixture
async def db(tmp_path):
    db = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/blog.db")
    yield db
    await db.dispose()


@pytest.fixture
def sessions(db):  # LC601
    return async_sessionmaker(db)


@pytest.mark.asyncio
async def test_no_posts(sessions):
    assert await posts.titles(sessions) == []
