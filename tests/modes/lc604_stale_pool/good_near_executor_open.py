"""The executor is shut down after its last use; one test expects a wrong number."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.fixture
def pool():
    with ThreadPoolExecutor(2) as pool:
        yield pool


async def size(pool, text):
    return await asyncio.get_running_loop().run_in_executor(pool, len, text)


@pytest.mark.asyncio
async def test_three(pool):
    assert await size(pool, "tea") == 3


@pytest.mark.asyncio
async def test_four(pool):
    assert await size(pool, "tea") == 4
