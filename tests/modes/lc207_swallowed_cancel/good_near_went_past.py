"""Tasks that end by a handler, or say what ended them, and logs that are wrong beside that."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def fetch():
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        return None


class Job:
    def __init__(self):
        self.log = []

    async def drain(self):
        try:
            while True:
                await asyncio.sleep(3600)
        except asyncio.CancelledError:
            pass
        self.log.append("flush")

    async def ask(self):
        if await fetch() is None:
            self.log.append("aborted")

    async def asks(self):
        found = await fetch()
        if found is None:
            self.log.append("aborted")
        self.log.append("closed")


async def test_its_own_handler_ends_it():
    job = Job()
    task = asyncio.create_task(job.drain())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert job.log == ["flushed"]


async def test_it_says_that_it_was_ended():
    job = Job()
    task = asyncio.create_task(job.ask())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert job.log == ["cancelled"]


async def test_what_came_after_is_expected():
    job = Job()
    task = asyncio.create_task(job.asks())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert job.log == ["cancelled", "closed"]
