"""A worker starts a task for each who asked for an event: an object, a method, a list's append."""

# findings: 3

import asyncio

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


class Note:
    def __init__(self):
        self.events = []

    async def __call__(self, event):
        self.events.append(event)

    async def twice(self, event):
        self.events += [event, event]


class Bus:
    def __init__(self):
        self.queue, self.handlers, self.tasks = asyncio.Queue(), [], set()

    async def work(self):
        while True:
            event = await self.queue.get()
            for handler in self.handlers:
                self.tasks.add(asyncio.create_task(deliver(handler, event)))


async def deliver(handler, event):
    waiting = handler(event)
    if waiting is not None:
        await waiting


@pytest_asyncio.fixture
async def bus():
    bus = Bus()
    task = asyncio.create_task(bus.work())
    yield bus
    task.cancel()


# name: deliver
async def test_an_object(bus):
    note = Note()
    bus.handlers.append(note)
    bus.queue.put_nowait(7)
    assert note.events == [7]  # LC208


async def test_a_method(bus):
    note = Note()
    bus.handlers.append(note.twice)
    bus.queue.put_nowait(7)
    assert note.events == [7, 7]  # LC208


async def test_an_append(bus):
    seen = []
    bus.handlers.append(seen.append)
    bus.queue.put_nowait(7)
    assert seen == [7]  # LC208
