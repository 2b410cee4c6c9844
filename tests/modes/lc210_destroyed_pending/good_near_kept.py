"""A set keeps the task, as asyncio's documentation advises, and the test ends it."""

import asyncio
import gc

import pytest

tasks = set()


async def consume(lines, written):
    while True:
        written.append(await lines.get())


@pytest.mark.asyncio
async def test_a_line_is_written():
    lines, written = asyncio.Queue(), []
    task = asyncio.create_task(consume(lines, written))
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    await lines.put("hello")
    await asyncio.sleep(0)
    gc.collect()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert written == ["hello"]
