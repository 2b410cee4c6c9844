"""Nobody keeps the task, but a timer of the loop does: it sleeps, and comes to its end."""

import asyncio
import gc

import pytest


async def write_later(written):
    await asyncio.sleep(0.02)
    written.append("hello")


@pytest.mark.asyncio
async def test_a_line_is_written():
    written = []
    asyncio.create_task(write_later(written))
    await asyncio.sleep(0)
    gc.collect()
    await asyncio.sleep(0.1)
    assert written == ["hello"]
