"""A task group of a service that keeps one session for all its work."""

# name: service.session
import asyncio
import os

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine


class Service:
    def __init__(self, session):
        self.session = session

    async def total(self, n):
        return await self.session.scalar(text(f"select {n}"))

    async def all(self):
        async with asyncio.TaskGroup() as group:  # LC606
            tasks = [group.create_task(self.total(n)) for n in (1, 2, 3)]
        return [task.result() for task in tasks]


@pytest.fixture
async def service():
    url = os.environ["POSTGRES_URL"].replace("postgresql:", "postgresql+asyncpg:")
    engine = create_async_engine(url)
    async with async_sessionmaker(engine)() as session:
        yield Service(session)
    await engine.dispose()


async def test_orders(service):
    assert await service.all() == [1, 2, 3]
