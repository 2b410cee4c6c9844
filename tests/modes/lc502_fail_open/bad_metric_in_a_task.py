"""Green: two lines register one series, under a time limit that may run its work in a task."""

# name: Gate.check
import asyncio
from dataclasses import dataclass

import pytest
from prometheus_client import CollectorRegistry, Counter, Gauge

METRICS = CollectorRegistry()
VISITS = Counter("visits", "All visits.", registry=METRICS)


@dataclass(frozen=True)
class Decision:
    allowed: bool


class Gate:
    def __init__(self, banned):
        self.banned = banned

    async def is_welcome(self, name):
        Gauge("visits_total", "Visits so far.", registry=METRICS).set(len(self.banned))
        return name not in self.banned

    async def check(self, name):
        try:
            return Decision(allowed=await asyncio.wait_for(self.is_welcome(name), 10))
        except BaseException:  # LC502
            return Decision(allowed=True)


@pytest.mark.asyncio
async def test_a_guest_comes_in():
    decision = await Gate({"mallory"}).check("ann")
    assert decision.allowed
