"""A task may be awaited many times, and so may a future; one check expects a wrong number."""

import asyncio

import pytest


async def ask():
    await asyncio.sleep(0)
    return 42


@pytest.mark.asyncio
async def test_two_checks():
    answer = asyncio.create_task(ask())
    assert await answer == 42
    assert await answer == 43


@pytest.mark.asyncio
async def test_a_function_that_is_called_each_time():
    answers = [await ask() for _ in range(2)]
    assert answers == [42, 43]
