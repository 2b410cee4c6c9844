"""A thread sets the event in time, but the loop sleeps on until the limit of another task."""

# name: waiting
import asyncio
import threading

import pytest


class Scanner:
    def __init__(self):
        self.done, self.found = asyncio.Event(), []

    def scan(self, names):
        self.found += [name.upper() for name in names]
        self.done.set()  # LC203

    async def results(self):
        await self.done.wait()
        return self.found


@pytest.mark.asyncio
async def test_all_names_are_found():
    scanner = Scanner()
    waiting = asyncio.create_task(scanner.results())
    await asyncio.sleep(0)
    threading.Timer(0.02, scanner.scan, (["emma"],)).start()
    async with asyncio.timeout(0.2):
        assert await waiting == ["EMMA"]
