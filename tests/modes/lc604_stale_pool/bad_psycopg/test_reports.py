"""The fixture leaves its `async with` before the test begins."""

# name: reports.pool
import pytest
import pytest_asyncio
from psycopg_pool.pool_async import AsyncConnectionPool


class Reports:
    def __init__(self):
        self.pool = AsyncConnectionPool()

    async def total(self):
        return await self.pool.getconn()


@pytest_asyncio.fixture
async def reports():  # LC604
    reports = Reports()
    async with reports.pool:
        pass
    return reports


@pytest.mark.asyncio
async def test_total(reports):
    assert await reports.total()
