"""A hub has its subscribers' queues weakly: the collector takes a queue with the task behind it."""

# name: listen

import asyncio
import gc
import weakref

import pytest


class Hub:
    def __init__(self):
        self.queues = weakref.WeakSet()

    def publish(self, message):
        for queue in self.queues:
            queue.put_nowait(message)


async def listen(hub, heard):
    queue = asyncio.Queue()
    hub.queues.add(queue)
    while True:
        heard.append(await queue.get())  # used


@pytest.mark.asyncio
async def test_a_message_is_heard():
    hub, heard = Hub(), []
    asyncio.create_task(listen(hub, heard))  # LC210
    await asyncio.sleep(0)
    gc.collect()
    hub.publish("hello")
    await asyncio.sleep(0)
    assert heard == ["hello"]
