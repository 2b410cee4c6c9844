import asyncio

import pytest_asyncio


@pytest_asyncio.fixture(scope="module")
async def bus():
    queue = asyncio.Queue()
    yield queue
    assert queue.empty()


@pytest_asyncio.fixture
async def cache(bus):
    await bus.put("x")
    return await bus.get()


@pytest_asyncio.fixture(autouse=True, loop_scope="function")
async def quiet():
    yield
