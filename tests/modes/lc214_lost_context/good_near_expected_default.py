"""Tests about the default itself, and a task that keeps what it sets to itself on purpose."""

import asyncio
from contextvars import ContextVar

import pytest

depth = ContextVar("depth", default=0)


async def nested():
    depth.set(depth.get() + 1)
    return depth.get()


@pytest.mark.asyncio
async def test_each_task_counts_for_itself():
    assert await asyncio.gather(nested(), nested()) == [1, 1]
    assert depth.get() == 0


@pytest.mark.asyncio
async def test_a_wrong_expectation_about_the_result():
    found = await asyncio.gather(nested(), nested())
    assert found == [1, 2]
