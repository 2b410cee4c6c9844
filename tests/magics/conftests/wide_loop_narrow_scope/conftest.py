import asyncio

import pytest_asyncio


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def limiter():
    yield asyncio.Semaphore(3)


@pytest_asyncio.fixture(loop_scope="session")
async def token(limiter):
    async with limiter:
        yield "token"


@pytest_asyncio.fixture
async def tokens(token):
    yield [token, "alone"]
