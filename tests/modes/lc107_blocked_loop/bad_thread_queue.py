"""A queue of threads between two tasks: whoever waits for it holds the loop for ever."""

# options: --loopcheck-hang=1

import asyncio
import queue

import pytest


async def post(box):
    await asyncio.sleep(0.01)
    box.put("hi")


# name: box.get
@pytest.mark.asyncio
async def test_take():
    box = queue.Queue()
    posting = asyncio.create_task(post(box))
    await asyncio.sleep(0)
    assert box.get() == "hi"  # LC107
    await posting
