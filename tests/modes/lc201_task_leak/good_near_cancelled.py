"""Cancelled and not awaited: it was asked to end, and one more turn would have done it."""

import asyncio

import pytest
import pytest_asyncio


async def forever():
    await asyncio.sleep(3600)


@pytest_asyncio.fixture
async def ticker():
    task = asyncio.create_task(forever())
    yield task
    task.cancel()


@pytest.mark.asyncio
async def test_ticker(ticker):
    await asyncio.sleep(0)
    assert not ticker.done()
