"""The limit for a whole test ends its polls and its endless rounds, before loopcheck's own does."""

# findings: 4
# name: Feed.all | Feed.drained | until | has_pages
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Feed:
    def __init__(self):
        self.pages, self.open = [], True

    async def page(self):
        return self.pages.pop() if self.pages else None

    async def all(self, total):
        found = []
        while len(found) < total:  # LC204
            if page := await self.page():
                found.append(page)
        return found

    async def drained(self):
        while True:  # LC204
            if await self.page() is None and not self.open:
                return


async def until(check):
    while not check():  # LC204
        await asyncio.sleep(0.01)


async def has_pages(feed):
    while not feed.pages:  # LC204
        await asyncio.sleep(0.01)


async def test_all_pages():
    feed = Feed()
    feed.pages = ["a", "b"]
    assert await feed.all(3) == ["b", "a", "c"]


async def test_drained():
    await Feed().drained()


async def test_closed():
    feed = Feed()
    await until(lambda: not feed.open)


async def test_pages_in_a_task():
    feed = Feed()
    async with asyncio.TaskGroup() as group:
        group.create_task(has_pages(feed))
