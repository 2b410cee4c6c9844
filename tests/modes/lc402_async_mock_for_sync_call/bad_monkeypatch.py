"""An `async def` is put in the place of a plain method."""

import time

import pytest


class Clock:
    def now(self):
        return time.monotonic()


async def elapsed(clock, start):
    return clock.now() - start


# name: now
@pytest.mark.asyncio
async def test_elapsed(monkeypatch):
    async def now():  # LC402
        return 3.0

    clock = Clock()
    monkeypatch.setattr(clock, "now", now)
    assert await elapsed(clock, 1.0) == 2.0
