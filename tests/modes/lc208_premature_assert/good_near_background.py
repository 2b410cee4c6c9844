"""Wrong asserts, beside tasks that have nothing to do with them, or are done with it."""

import asyncio
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio


class App:
    def __init__(self):
        self.items, self.beats, self.jobs = [], 0, asyncio.Queue()
        self.stats = {"hits": 0}
        self.ready = asyncio.Event()

    async def heartbeat(self):
        while True:
            await asyncio.sleep(0.001)
            self.beats += 1
            self.stats["beats"] = self.beats

    async def work(self):
        while True:
            self.items.append(await self.jobs.get())

    async def warm_up(self):
        await asyncio.sleep(3600)
        self.ready.set()


@pytest_asyncio.fixture
async def app():
    app = App()
    tasks = [asyncio.create_task(one) for one in (app.heartbeat(), app.work(), app.warm_up())]
    yield app
    for task in tasks:
        task.cancel()


async def test_items(app):
    await app.jobs.put("a")
    await asyncio.sleep(0.01)
    assert app.items == ["b"]


async def test_length(app):
    assert len(app.items) == 1


async def test_hits(app):
    assert app.stats["hits"] == 1


async def test_stats(app):
    assert app.stats == {"hits": 1}


async def test_cancelled(app):
    task = asyncio.create_task(app.warm_up())
    task.cancel()
    await asyncio.sleep(0)
    assert not task.cancelled()


async def test_late_lines(app):
    found = []
    try:
        assert found == [1]
    finally:
        found.append(1)


async def test_number(app):
    total = sum(range(3))
    assert total == 4 and app.items == []


async def test_key(app):
    found = {"a": 1}
    assert found["b"] == 1


async def test_store(app):
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        beat = asyncio.create_task(pings(store))
        await asyncio.sleep(0)
        try:
            assert await store.get("orders") == b"1"
        finally:
            beat.cancel()
            await asyncio.gather(beat, return_exceptions=True)


async def pings(store):
    for _ in range(100):  # a client may swallow the cancel: then it ends all the same
        await store.set("alive", "1")
        await asyncio.sleep(0.01)


async def test_waits_for_somebody(app):
    gate, opened = asyncio.Event(), []

    async def enter():
        await gate.wait()
        opened.append(1)

    asyncio.create_task(enter())
    await asyncio.sleep(0)
    assert opened == [1]
