"""A done-callback asks a cancelled task for its result: each stop logs a CancelledError."""
# name: Poller.ended | <lambda>
# findings: 2

import asyncio

import pytest


class Poller:
    def __init__(self):
        self.errors = []

    def start(self):
        self.task = asyncio.create_task(self.poll())
        self.task.add_done_callback(self.ended)

    async def poll(self):
        await asyncio.Event().wait()

    def ended(self, task):
        if error := task.exception():  # LC205
            self.errors.append(error)

    async def stop(self):
        self.task.cancel()
        await asyncio.wait([self.task])


@pytest.mark.asyncio
async def test_stop():
    poller = Poller()
    poller.start()
    await asyncio.sleep(0)
    await poller.stop()
    assert poller.errors == []


@pytest.mark.asyncio
async def test_stop_a_sleeper():
    found = []
    task = asyncio.create_task(asyncio.sleep(9))
    task.add_done_callback(lambda done: found.append(done.result()))  # LC205
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert found == []
