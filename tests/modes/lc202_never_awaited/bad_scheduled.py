"""A module of Python calls it later: the line that runs that module has no fault."""

# name: Clock.tick
# findings: 3
import asyncio
import sched
import time
import weakref

import pytest


class Clock:
    def __init__(self):
        self.ticks = 0

    async def tick(self):
        self.ticks += 1

    def _tick(self):
        return self.tick()

    def start(self):
        asyncio.get_running_loop().call_soon(self._tick)  # LC202


class Room:
    pass


def test_a_scheduler():
    clock, plan = Clock(), sched.scheduler(time.monotonic)
    plan.enter(0, 1, clock.tick)  # LC202
    plan.run()
    assert clock.ticks == 1


def test_when_an_object_goes():
    clock, room = Clock(), Room()
    weakref.finalize(room, clock.tick)  # LC202
    del room
    assert clock.ticks == 1


@pytest.mark.asyncio
async def test_a_plain_function_returns_it():
    clock = Clock()
    clock.start()
    await asyncio.sleep(0.01)
    assert clock.ticks == 1
