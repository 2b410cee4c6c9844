"""A list of tasks is awaited, and one of coroutines: the `gather` around them is missing."""

# name: jobs | [refresh(), refresh()]
# findings: 2
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def refresh():
    await asyncio.sleep(0)
    return "fresh"


async def test_all_jobs():
    jobs = [asyncio.ensure_future(refresh()) for _ in range(2)]
    assert await jobs == ["fresh", "fresh"]  # LC202


async def test_two_in_a_row():
    found = await [refresh(), refresh()]  # LC202
    assert found == ["fresh", "fresh"]
