"""Clean up, then let the cancellation through."""

import asyncio

import pytest


async def worker(inbox, closed):
    try:
        while True:
            try:
                await inbox.get()
            except Exception as error:
                print("retrying after", repr(error))
    finally:
        closed.append(1)


@pytest.mark.asyncio
async def test_wait_for_returns():
    closed = []
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(worker(asyncio.Queue(), closed), 0.05)
    assert closed == [1]
