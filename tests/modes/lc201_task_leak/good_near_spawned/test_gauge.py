"""The fixture ends what it starts; another test leaves that to `async with`, or to a stack."""

import asyncio
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from gauge import Gauge


@pytest_asyncio.fixture
async def gauge():
    one = Gauge()
    await one.start()
    yield one
    await one.stop()


@pytest.mark.asyncio
async def test_a_value(gauge):
    await asyncio.sleep(0)
    assert gauge.values == [7]


@pytest.mark.asyncio
async def test_a_stack():
    one = Gauge()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(one.stop)
        await one.start()
        await asyncio.sleep(0)
    assert one.values == [7]
