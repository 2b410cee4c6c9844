"""The test is to end by a timeout, and says so without `pytest.raises`."""

# name: asyncio.sleep
# findings: 2

import asyncio
import time
from unittest.mock import patch

import pytest


@pytest.fixture
def quick():
    with patch("asyncio.sleep"):  # LC405
        yield


async def wait_for_flag(end):
    while time.monotonic() < end:
        await asyncio.sleep(0.01)


@pytest.mark.asyncio
async def test_it_returns(quick):
    try:
        await asyncio.wait_for(wait_for_flag(time.monotonic() + 0.15), 0.1)
    except asyncio.TimeoutError:
        return
    raise AssertionError("no timeout")


@pytest.mark.asyncio
@patch("asyncio.sleep")  # LC405
async def test_it_fails_otherwise(nap):
    try:
        async with asyncio.timeout(0.1):
            await wait_for_flag(time.monotonic() + 0.15)
    except TimeoutError:
        pass
    else:
        pytest.fail("no timeout")
