"""anyio runs the test on trio; the fixture on asyncio has nothing to do with trio."""

import asyncio

import pytest
import pytest_asyncio
import trio


@pytest.fixture
def anyio_backend():
    return "trio"


@pytest_asyncio.fixture
async def bucket():
    await asyncio.sleep(0)
    yield ["water"]
    await asyncio.sleep(0)


@pytest.mark.anyio
async def test_it_is_full(bucket):
    await trio.sleep(0)
    assert bucket == ["water"]


@pytest.mark.anyio
async def test_the_rope_breaks(bucket):
    await trio.sleep(0)
    assert bucket == []
