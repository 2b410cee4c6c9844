"""The timeout is lost: the code cleans up, and says nothing of the cancellation."""

import asyncio

import pytest


async def fetch():
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:  # LC207
        return "nothing"


# name: fetch
@pytest.mark.asyncio
async def test_timeout():
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(fetch(), 0.05)
