"""Doubles of pools that do what they are for, and tests that fail for other reasons."""

import asyncio
import concurrent.futures
from concurrent.futures import Future
from unittest.mock import MagicMock, patch

import pytest


def nothing(size):
    return None


def spread(pool, sizes):
    return [pool.submit(nothing, size) for size in sizes]


def test_counts_the_calls():
    pool = MagicMock()
    spread(pool, [1, 2])
    assert pool.submit.call_count == 3


def test_counts_the_calls_of_a_patched_one():
    with patch("concurrent.futures.ThreadPoolExecutor") as factory:
        spread(concurrent.futures.ThreadPoolExecutor(), [1, 2])
        factory.return_value.submit.assert_called_once()


@pytest.mark.asyncio
async def test_the_function_ran_and_gives_none():
    def submit(call, *args, **kwargs):
        future = Future()
        future.set_result(call(*args, **kwargs))
        return future

    with patch("concurrent.futures.ThreadPoolExecutor") as factory:
        factory.return_value.submit.side_effect = submit
        half = await asyncio.to_thread(nothing, 8)
        assert half == 4


@pytest.mark.asyncio
async def test_a_real_thread_gives_none():
    half = await asyncio.to_thread(nothing, 8)
    assert half == 4
