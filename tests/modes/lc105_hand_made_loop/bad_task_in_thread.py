"""What runs in a thread has no loop to start a task on."""

import asyncio

import pytest


class Scanner:
    def __init__(self):
        self.seen = []

    async def note(self, name):
        self.seen.append(name)

    def scan(self, names):
        for name in names:
            asyncio.create_task(self.note(name))  # LC105


# name: asyncio.get_running_loop
@pytest.mark.asyncio
async def test_scan():
    scanner = Scanner()
    await asyncio.to_thread(scanner.scan, ["a", "b"])
    assert scanner.seen == ["a", "b"]
