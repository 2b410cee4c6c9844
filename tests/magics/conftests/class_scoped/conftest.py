import asyncio

import pytest_asyncio


@pytest_asyncio.fixture(scope="class", loop_scope="class")
async def bank():
    lock = asyncio.Lock()
    async with lock:
        yield {"open": True}


@pytest_asyncio.fixture(loop_scope="class")
async def account(bank):
    yield {**bank, "balance": 10}
