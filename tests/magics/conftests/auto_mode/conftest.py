import asyncio

import pytest


@pytest.fixture(scope="session")
async def pool():
    yield asyncio.Semaphore(2)


@pytest.fixture
async def api(pool):
    async with pool:
        yield "open"
