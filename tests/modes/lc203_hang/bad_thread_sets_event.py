"""A thread sets the event in time, but the loop sleeps on until the limit of another task."""

# name: waiting
import asyncio
import threading

import pytest


class Scanner(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        self.done, self.asked = asyncio.Event(), threading.Event()

    def run(self):
        self.asked.wait()
        self.done.set()  # LC203

    async def scan(self):
        asyncio.get_running_loop().call_later(0.02, self.asked.set)
        await self.done.wait()
        return "done"


@pytest.mark.asyncio
async def test_the_scan_ends():
    scanner = Scanner()
    scanner.start()
    waiting = asyncio.create_task(scanner.scan())
    async with asyncio.timeout(0.2):
        assert await waiting == "done"
