"""A fixture of that name that gives the running loop: a bridge for old tests."""

import asyncio

import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def event_loop():
    return asyncio.get_running_loop()


@pytest.mark.asyncio
async def test_the_same(event_loop):
    assert event_loop is asyncio.get_running_loop()


@pytest.mark.asyncio
async def test_soon(event_loop):
    done = event_loop.create_future()
    event_loop.call_soon(done.set_result, 3)
    assert await done == 4
