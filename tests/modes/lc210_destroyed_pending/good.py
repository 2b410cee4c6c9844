"""The fixture keeps the task until the test is over, then cancels and awaits it."""

import asyncio
import gc

import pytest
import pytest_asyncio

written = []


async def consume(lines):
    while True:
        written.append(await lines.get())


@pytest_asyncio.fixture
async def log():
    lines = asyncio.Queue()
    task = asyncio.create_task(consume(lines))
    yield lines
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.asyncio
async def test_a_line_is_written(log):
    await log.put("hello")
    await asyncio.sleep(0)
    gc.collect()
    assert written == ["hello"]
