"""asyncio's own group and limit know no such rule: only the limit does not work there."""

import asyncio

import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def tasks():
    async with asyncio.TaskGroup() as group:
        yield group


@pytest_asyncio.fixture
async def limit():
    async with asyncio.timeout(0.01):
        yield


@pytest.mark.asyncio
async def test_tasks(tasks):
    one = tasks.create_task(asyncio.sleep(0, "done"))
    assert await one == "done"


@pytest.mark.asyncio
async def test_limit(limit):
    await asyncio.sleep(0.05)
