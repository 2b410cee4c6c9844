"""A task group keeps its tasks, also those whose queue has only a weak reference elsewhere."""

import asyncio
import gc
import weakref

import pytest


async def listen(queues, heard):
    queue = asyncio.Queue()
    queues.add(queue)
    heard.append(await queue.get())


@pytest.mark.asyncio
async def test_a_message_is_heard():
    queues, heard = weakref.WeakSet(), []
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(listen(queues, heard))
        await asyncio.sleep(0)
        gc.collect()
        for queue in queues:
            queue.put_nowait("hello")
    assert heard == ["hello"]
