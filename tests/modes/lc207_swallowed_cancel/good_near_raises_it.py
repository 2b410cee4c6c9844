"""The handler raises a cancellation again, and takes only other errors. The rows are wrong."""

import asyncio

import pytest


async def fetch(queue):
    try:
        return await queue.get()
    except BaseException as error:
        if isinstance(error, (asyncio.CancelledError, KeyboardInterrupt)):
            raise
        return None


async def rows(queue):
    found = []
    try:
        while True:
            found.append(await asyncio.wait_for(fetch(queue), 0.02))
    except asyncio.TimeoutError:
        return found


@pytest.mark.asyncio
async def test_rows():
    queue = asyncio.Queue()
    queue.put_nowait(1)
    assert await rows(queue) == [1, 2]
