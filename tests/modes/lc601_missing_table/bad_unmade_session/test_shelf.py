"""A class of tests with a fixture of its own, which opens the session and no table."""

# name: books

import pytest
import pytest_asyncio
import shelf as library
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine


@pytest.mark.asyncio
class TestShelf:
    @pytest_asyncio.fixture
    async def session(self):  # LC601
        """A session of its own for each test."""
        engine = create_async_engine("sqlite+aiosqlite://")
        async with AsyncSession(engine) as session:
            yield session
        await engine.dispose()

    async def test_empty(self, session):
        assert await library.numbers(session) == []
