"""Tasks that go on, whose end changes something else, and a test's own."""

# other: LC201
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Feed:
    def __init__(self):
        self.rows, self.closed = [], False

    async def run(self, ready):
        try:
            await ready.wait()
        finally:
            self.closed = True

    def start(self):
        self.task = asyncio.create_task(self.run(asyncio.Event()))


async def test_rows_are_missing():
    feed = Feed()
    feed.start()
    await asyncio.sleep(0)
    try:
        assert feed.rows == ["first"]
    finally:
        feed.task.cancel()


async def test_its_own_task():
    feed = Feed()
    task = asyncio.create_task(feed.run(asyncio.Event()))
    await asyncio.sleep(0)
    try:
        assert feed.closed
    finally:
        task.cancel()
