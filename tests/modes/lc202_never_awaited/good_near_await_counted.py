"""Awaits are counted, and what is missing is not the `await` of a dropped call."""

import asyncio
from unittest.mock import AsyncMock, Mock

import pytest

pytestmark = pytest.mark.asyncio


async def test_it_was_never_called():
    pool = AsyncMock()
    pool.close()
    pool.release.assert_awaited_once()


async def test_one_of_another_name_is_dropped():
    pool = AsyncMock()
    pool.close()
    await pool.release(1)
    pool.release.assert_awaited_once_with(2)


async def test_a_task_was_to_await_it():
    pool = AsyncMock()
    task = asyncio.ensure_future(pool.release(1))
    try:
        pool.release.assert_awaited_once()
    finally:
        await task


async def test_the_real_one_is_plain():
    class Pool:
        def release(self, connection): ...

    pool = Mock(spec=Pool)
    pool.release = AsyncMock()
    assert pool.release.await_count == 1
