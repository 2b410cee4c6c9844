"""Wrong asserts, beside a task that is about to tell somebody else, or has told."""

import asyncio

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


class Note:
    def __init__(self):
        self.events = []

    async def __call__(self, event):
        self.events.append(event)


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


async def test_another_object(bus):
    note = Note()
    bus.handlers.append(Note())
    bus.queue.put_nowait(7)
    assert note.events == [7]


async def test_another_list(bus):
    seen, other = [], []
    bus.handlers.append(other.append)
    bus.queue.put_nowait(7)
    assert seen == [7]


async def test_it_was_told(bus):
    note = Note()
    bus.handlers.append(note)
    bus.queue.put_nowait(7)
    await asyncio.sleep(0.01)
    assert note.events == [8]
