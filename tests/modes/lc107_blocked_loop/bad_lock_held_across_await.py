"""A task awaits inside the block of a lock of threads, and the next one blocks the loop there."""

# options: --loopcheck-hang=1
# name: self.lock
import asyncio
import threading

import pytest


class Journal:
    def __init__(self):
        self.lock, self.pages = threading.Lock(), []

    async def flush(self, disk):
        with self.lock:  # LC107
            for page in self.pages:
                await disk.write(page)

    def add(self, page):
        with self.lock:
            self.pages.append(page)


class Disk:
    async def write(self, page):
        await asyncio.sleep(0.01)


@pytest.mark.asyncio
async def test_a_page_while_the_journal_is_written():
    journal = Journal()
    journal.add("one")
    flushing = asyncio.create_task(journal.flush(Disk()))
    await asyncio.sleep(0)
    journal.add("two")
    await flushing
    assert journal.pages == ["one", "two"]
