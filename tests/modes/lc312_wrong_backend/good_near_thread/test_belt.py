"""trio's worker thread has asyncio's loop in it, and the code there fails by itself."""

import asyncio

import pytest
import trio


async def weigh(box):
    await asyncio.sleep(0)
    return len(box)


@pytest.mark.trio
async def test_weight():
    assert await trio.to_thread.run_sync(lambda: asyncio.run(weigh("red"))) == 4
