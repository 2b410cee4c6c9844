"""Two functions start the same coroutine: the line is named that was seen to start this one."""

import asyncio

import pytest


async def watch(name, seen):
    while True:
        seen.append(name)
        await asyncio.sleep(1)


class Hub:
    def __init__(self):
        self.seen, self.tasks = [], []

    def attach(self, name):
        self.tasks.append(asyncio.create_task(watch(name, self.seen)))

    def attach_many(self, names):
        for name in names:
            asyncio.ensure_future(watch(name, self.seen))  # LC201


# name: watch
@pytest.mark.asyncio
async def test_many():
    hub = Hub()
    hub.attach_many(["a", "b"])
    await asyncio.sleep(0)
    assert hub.seen == ["a", "b"]
