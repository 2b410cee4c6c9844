"""This one works before it waits without an end: it serves, and nothing ends it with its test."""
# name: Beacon.run

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Beacon:
    def __init__(self):
        self.lit = False

    def start(self):
        self.task = asyncio.create_task(self.run())  # LC201

    async def run(self):
        self.lit = True
        try:
            await asyncio.Future()
        finally:
            self.lit = False


async def test_beacon():
    beacon = Beacon()
    beacon.start()
    await asyncio.sleep(0)
    assert beacon.lit
