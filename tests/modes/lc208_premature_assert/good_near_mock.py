import asyncio
from unittest.mock import AsyncMock, MagicMock

import pytest
import pytest_asyncio


async def greet(send, name):
    await send(name)


@pytest.mark.asyncio
async def test_nobody_calls_it():
    send = AsyncMock()
    task = asyncio.create_task(greet(AsyncMock(), "ann"))
    send.assert_awaited_once()
    await task


@pytest.mark.asyncio
async def test_it_is_called_with_something_else():
    send = AsyncMock()
    task = asyncio.create_task(greet(send, "bob"))
    send.assert_awaited_once_with("ann")
    await task


@pytest.mark.asyncio
async def test_it_is_called_once_more():
    send = AsyncMock()
    await greet(send, "ann")
    task = asyncio.create_task(greet(send, "ann"))
    await task
    send.assert_awaited_once_with("ann")


@pytest.mark.asyncio
async def test_the_clean_up_calls_it():
    stop = MagicMock()
    try:
        stop.assert_called_once_with()
    finally:
        stop()


@pytest_asyncio.fixture
async def shop():
    shop = AsyncMock()
    yield shop
    await shop.close()


@pytest.mark.asyncio
async def test_the_fixture_calls_it(shop):
    shop.close.assert_awaited_once()
