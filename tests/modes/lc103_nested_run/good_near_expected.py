"""The refusal is expected; the test fails for a reason of its own."""

import asyncio

import pytest


@pytest.mark.asyncio
async def test_no_loop_in_a_loop():
    sleep = asyncio.sleep(0)
    with pytest.raises(RuntimeError):
        asyncio.run(sleep)
    sleep.close()
    assert asyncio.get_running_loop().is_closed()
