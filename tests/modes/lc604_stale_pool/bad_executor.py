"""A fixture shuts down the executor that the module keeps for all tests."""
# name: pool

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

pool = ThreadPoolExecutor(2)


async def size(text):
    return await asyncio.get_running_loop().run_in_executor(pool, len, text)


@pytest.fixture
def app():
    yield "app"
    pool.shutdown()  # LC604


@pytest.mark.asyncio
async def test_three(app):
    assert await size("tea") == 3


@pytest.mark.asyncio
async def test_four(app):
    assert await size("rice") == 4
