"""No set is lost, and no lock is kept: what should end these waits is only late."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Feed:
    def __init__(self):
        self.stopping, self.lock = asyncio.Event(), asyncio.Lock()

    def stop(self):
        self.stopping.set()

    async def stop_later(self):
        await asyncio.sleep(60)
        self.stop()

    async def run(self):
        self.stopping.clear()
        await self.stopping.wait()

    async def rounds(self):
        while True:
            await self.stopping.wait()
            self.stopping.clear()

    async def hold(self):
        await self.lock.acquire()
        try:
            await asyncio.sleep(60)
        finally:
            self.lock.release()


async def test_nobody_has_stopped_it_yet():
    feed = Feed()
    later = asyncio.create_task(feed.stop_later())
    await asyncio.wait_for(feed.run(), 0.1)
    later.cancel()


async def test_each_round_clears_what_it_has_seen():
    feed = Feed()
    later = asyncio.create_task(feed.stop_later())
    feed.stop()
    await asyncio.wait_for(feed.rounds(), 0.1)
    later.cancel()


async def test_a_slow_task_holds_it():
    feed = Feed()
    slow = asyncio.create_task(feed.hold())
    await asyncio.sleep(0)
    await asyncio.wait_for(feed.hold(), 0.1)
    slow.cancel()


async def test_it_was_released():
    feed = Feed()
    await feed.lock.acquire()
    feed.lock.release()
    slow = asyncio.create_task(feed.hold())
    await asyncio.sleep(0)
    async with asyncio.timeout(0.1):
        await feed.lock.acquire()
    slow.cancel()
