"""What a thread of an executor raises goes into the future that was dropped."""

# name: write

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Export:
    def __init__(self):
        self.written = []

    def write(self, row):
        self.written.append(row["id"])

    def send(self, row):
        self.written.append(int(row))

    async def rows(self, rows):
        loop = asyncio.get_running_loop()
        for row in rows:
            loop.run_in_executor(None, self.write, row)  # LC205
        await asyncio.sleep(0.05)
        return len(self.written)


async def test_both_are_written():
    assert await Export().rows([{"id": 1}, {"uid": 2}]) == 2


async def test_the_first_is_written():
    assert await Export().rows([{"id": 1}, {"uid": 2}]) == 1
