"""An executor is left open, and has no job: its threads end when Python tells them at exit."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

pool = ThreadPoolExecutor(max_workers=2)


@pytest.mark.asyncio
async def test_a_sum():
    loop = asyncio.get_running_loop()
    assert await loop.run_in_executor(pool, sum, [20, 22]) == 42
