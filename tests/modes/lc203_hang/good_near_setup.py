"""Each part is short of the limit, or no loop's business: together they are long."""

# options: --loopcheck-hang=0.6

import asyncio
import time

import pytest
import pytest_asyncio


@pytest.fixture(scope="module")
def table():
    end = time.monotonic() + 1.5
    rows = 0
    while time.monotonic() < end:
        rows += 1
    return rows


@pytest_asyncio.fixture
async def warm(table):
    await asyncio.sleep(0.4)
    yield table
    await asyncio.sleep(0.4)


@pytest.mark.asyncio
async def test_warm(warm):
    for _ in range(100):
        await asyncio.sleep(0.01)
    assert warm


def test_cold(table):
    time.sleep(0.8)
    asyncio.run(asyncio.sleep(0.8))
