"""An `async def` is a callback of what runs plain functions only."""

# name: Client.aclose | Clock.tick | Journal.write
# findings: 3
import asyncio
from contextlib import ExitStack

import pytest

pytestmark = pytest.mark.asyncio


class Client:
    opened = 0

    def __init__(self):
        Client.opened += 1

    async def aclose(self):
        Client.opened -= 1


class Clock:
    def __init__(self, rung):
        self.ticks, self.rung = 0, rung

    async def tick(self):
        self.ticks += 1

    def start(self):
        loop = asyncio.get_running_loop()
        loop.call_soon(self.tick)  # LC202
        loop.call_soon(self.rung.set)


class Journal:
    def __init__(self):
        self.lines = []

    async def write(self, task):
        self.lines.append(task.get_name())


async def test_a_stack():
    with ExitStack() as stack:
        stack.callback(Client().aclose)  # LC202
    assert Client.opened == 0


async def test_a_timer():
    rung = asyncio.Event()
    clock = Clock(rung)
    clock.start()
    await rung.wait()
    assert clock.ticks == 1


async def test_when_a_task_is_done():
    journal = Journal()
    task = asyncio.create_task(asyncio.sleep(0))
    task.add_done_callback(journal.write)  # LC202
    await task
    await asyncio.sleep(0)
