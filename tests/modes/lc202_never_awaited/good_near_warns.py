"""A test of the warning itself."""

import gc

import pytest


async def work():
    """Nothing."""


@pytest.mark.asyncio
async def test_a_dropped_coroutine_warns():
    with pytest.warns(RuntimeWarning, match="never awaited"):
        work()
        gc.collect()
