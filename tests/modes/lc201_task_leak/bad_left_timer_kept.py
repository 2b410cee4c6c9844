"""A watchdog keeps its timer and cancels it if it is fed in time, but not when it is closed."""

# name: timer
import asyncio

import pytest


def scheduled():
    return [one for one in asyncio.get_running_loop()._scheduled if not one.cancelled()]


class Watchdog:
    def __init__(self, seconds):
        self.seconds, self.timer, self.barked = seconds, None, False

    def feed(self):
        if self.timer is not None:
            self.timer.cancel()
        loop = asyncio.get_running_loop()
        self.timer = loop.call_at(loop.time() + self.seconds, lambda: self._bark())  # LC201

    def _bark(self):
        self.barked = True

    def close(self):
        self.seconds = 0


@pytest.mark.asyncio
async def test_a_closed_watchdog_has_no_timer():
    dog = Watchdog(60)
    dog.feed()
    dog.feed()
    dog.close()
    timers = scheduled()
    assert not timers, f"still scheduled: {timers}"
