"""The library retries a plain method. That succeeds at once: it returns a coroutine."""

# name: Gauge.read
from functools import partial

import pytest
from persistent import retry


class GaugeBusy(Exception):
    pass


class Gauge:
    def __init__(self, busy):
        self.busy = busy

    async def read(self, register):
        self.busy -= 1
        if self.busy >= 0:
            raise GaugeBusy(register)
        return 12


class Station:
    def __init__(self, **gauges):
        self.gauges = gauges

    @retry(GaugeBusy)
    def ask(self, name, register):
        ask = partial(self.gauges[name].read, register)
        return ask()  # LC202

    async def level(self, name):
        return await self.ask(name, "level")


@pytest.mark.asyncio
async def test_a_gauge_that_answers():
    assert await Station(north=Gauge(busy=0)).level("north") == 12


@pytest.mark.asyncio
async def test_a_busy_gauge_is_asked_again():
    assert await Station(north=Gauge(busy=2)).level("north") == 12
