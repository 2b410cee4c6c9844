"""A thread that parses lines meets one that is no number; the event that it would set stays off."""

# name: done
import asyncio
import threading

import pytest

pytestmark = pytest.mark.asyncio


class Import(threading.Thread):
    def __init__(self, lines, done):
        super().__init__(daemon=True)
        self.lines, self.done, self.total = lines, done, 0
        self.loop = asyncio.get_running_loop()

    def run(self):
        self.total = sum(int(line) for line in self.lines)  # LC203
        self.loop.call_soon_threadsafe(self.done.set)


async def test_all_lines_are_imported():
    done = asyncio.Event()
    importing = Import(["3", "4", "five"], done)
    importing.start()
    async with asyncio.timeout(0.3):
        await done.wait()
    assert importing.total == 12
