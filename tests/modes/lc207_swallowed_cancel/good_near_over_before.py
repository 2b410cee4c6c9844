"""The reader had ended before it was cancelled: no cancellation reached the feed."""

import asyncio

import pytest


async def items(queue):
    try:
        while (item := await queue.get()) is not None:
            yield item
    except asyncio.CancelledError:
        return


@pytest.mark.asyncio
async def test_the_reader_sees_that_it_is_cancelled():
    queue, seen = asyncio.Queue(), []

    async def read():
        try:
            async for item in items(queue):
                seen.append(item)
        except asyncio.CancelledError:
            seen.append("cancelled")

    reader = asyncio.create_task(read())
    queue.put_nowait(None)
    await reader
    reader.cancel()
    assert seen == ["cancelled"]
