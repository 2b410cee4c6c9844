"""A worker waits for a slot that its queue takes away. It handles the errors of its work alone."""

import asyncio

import pytest


class Slots:
    def __init__(self):
        self.waiting = []

    def wait(self):
        slot = asyncio.get_running_loop().create_future()
        self.waiting.append(slot)
        return slot

    def drop_all(self):
        for slot in self.waiting:
            slot.cancel()


async def work(slots):
    slot = slots.wait()
    await slot  # LC215
    return "done"


async def supervise(slots):
    worker = asyncio.create_task(work(slots))
    asyncio.get_running_loop().call_soon(slots.drop_all)
    try:
        return await worker
    except RuntimeError:
        return "lost"


# name: slot
@pytest.mark.asyncio
async def test_a_worker_without_a_slot():
    assert await supervise(Slots()) == "lost"
