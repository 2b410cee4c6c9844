"""The test's double raises on purpose: the caller lets its task end with that."""

# options: --loopcheck-hang=0.5
# findings: 3
# name: ferry.arrived
import asyncio

import pytest
from ferry import Ferry

pytestmark = pytest.mark.asyncio


class Crew:
    def __init__(self):
        self.crossings = 0

    async def cross(self):
        self.crossings += 1
        if self.crossings == 1:
            raise OSError("fog")
        return True


async def test_crosses_after_the_fog():
    ferry = Ferry(Crew().cross, print)
    task = asyncio.create_task(ferry.shuttle())
    await ferry.arrived.wait()
    await task


async def test_a_full_log():
    def log(line):
        raise OSError("no space left")

    ferry = Ferry(None, log)
    task = asyncio.create_task(ferry.note(["on board"]))
    await ferry.arrived.wait()
    await task


async def test_a_wrong_crew():
    async def cross():
        return [True][1]  # LC203

    ferry = Ferry(cross, print)
    task = asyncio.create_task(ferry.shuttle())
    await ferry.arrived.wait()
    await task
