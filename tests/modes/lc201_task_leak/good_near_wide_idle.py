"""A task waits through the failure of a test, and took nothing of it: a later one ends it."""

import asyncio

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def letters():
    return asyncio.Queue()


async def take(letters):
    await letters.get()


async def test_take(letters):
    asyncio.create_task(take(letters))
    await asyncio.sleep(0)


async def test_count(letters):
    assert letters.qsize() == 1


async def test_put(letters):
    await letters.put("a")
    await asyncio.sleep(0.01)
    assert letters.empty()
