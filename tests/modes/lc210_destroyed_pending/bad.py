"""Nobody keeps the task, and only the task has the queue that it waits at."""

# name: consume

import asyncio
import gc

import pytest

written = []


async def consume(lines):
    while True:
        written.append(await lines.get())  # used


def open_log():
    lines = asyncio.Queue()
    asyncio.create_task(consume(lines))  # LC210
    return lines


@pytest.mark.asyncio
async def test_a_line_is_written():
    await open_log().put("hello")
    await asyncio.sleep(0)
    gc.collect()
    assert written == ["hello"]
