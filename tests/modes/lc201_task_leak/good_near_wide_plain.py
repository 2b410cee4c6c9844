"""Failures that a task of an earlier test did not cause: it slept, or looked at other keys."""

import asyncio
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Desk:
    """Keeps what it starts where no test sees it, and ends it."""

    def __init__(self):
        self.tasks = set()

    def open(self, coroutine):
        task = asyncio.get_running_loop().create_task(coroutine)
        self.tasks.add(task)

    async def close(self):
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def store():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        yield store


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def letters():
    return asyncio.Queue()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(store):
    desk = Desk()
    yield lambda coroutine, start=desk.open: start(coroutine)
    await desk.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def spawn(store, letters):
    desk, orders = Desk(), asyncio.Queue()

    async def open_all():
        while True:
            desk.open(await orders.get())

    desk.open(open_all())
    yield orders.put_nowait
    await desk.close()


async def watch(store):
    while True:
        await store.set("alive", "1")
        await asyncio.sleep(0.01)


async def take(letters):
    while True:
        await letters.get()


async def test_watch(store, run):
    run(watch(store))
    async with asyncio.timeout(10):
        while await store.get("alive") is None:
            await asyncio.sleep(0.01)
    assert await store.get("alive") == b"1"


async def test_take(letters, spawn):
    spawn(take(letters))
    letters.put_nowait("a")
    async with asyncio.timeout(10):
        while not letters.empty():
            await asyncio.sleep(0.01)
    assert letters.empty()


async def test_other_key(store):
    await store.set("price", "2")
    assert await store.get("price") == b"3"


async def test_same_key(store):
    assert await store.get("alive") == b"2"


async def test_letter(letters):
    letters.put_nowait("b")
    await asyncio.sleep(0.01)
    assert letters.qsize() == 1
