"""Fixtures and contexts are half-way while they are in use."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def get_session():
    session = []
    try:
        yield session
    finally:
        await asyncio.sleep(0)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def wide():
    async for session in get_session():
        yield session


@pytest_asyncio.fixture(loop_scope="module")
async def by_hand():
    steps = get_session()
    yield await anext(steps)
    with suppress(StopAsyncIteration):
        await anext(steps)


@pytest_asyncio.fixture(loop_scope="module")
async def stack():
    async with AsyncExitStack() as stack:
        yield stack


@asynccontextmanager
async def connected():
    try:
        yield "connection"
    finally:
        await asyncio.sleep(0)


async def test_fixtures(wide, by_hand, stack):
    await stack.enter_async_context(connected())
    assert wide == by_hand == []


async def test_closed_by_hand():
    steps = get_session()
    await anext(steps)
    await steps.aclose()


async def test_all_of_it():
    assert [one async for one in get_session()] == [[]]
