"""The test is about this very message: it lets a task be collected, and reads the log."""

import asyncio
import gc

import pytest


async def consume(lines):
    await lines.get()


@pytest.mark.asyncio
async def test_asyncio_tells_of_a_destroyed_task(caplog):
    asyncio.create_task(consume(asyncio.Queue()))
    await asyncio.sleep(0)
    gc.collect()
    assert "Task was destroyed but it is pending!" in caplog.text
