"""A library's object keeps the session, and leads to it first: the service's own name is said."""

# name: self.session
import asyncio
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine


class Orders:
    def __init__(self, session):
        self.session = session

    async def value(self, n):
        return await self.session.scalar(text(f"select {n}"))


@pytest_asyncio.fixture
async def container():
    engine = create_async_engine("sqlite+aiosqlite://")
    stack = AsyncExitStack()
    stack.services = {AsyncSession: AsyncSession(engine)}
    yield stack
    await engine.dispose()


@pytest.mark.asyncio
async def test_report(container):
    await asyncio.gather(*map(Orders(container.services[AsyncSession]).value, range(3)))  # LC606
