"""The error is caught and written to the log: the test sees a wrong answer only."""

# name: GATE.lock | GATE | GATE.lock._waiters
import asyncio
import logging

import pytest

pytestmark = pytest.mark.asyncio
log = logging.getLogger("shop")


class Gate:
    def __init__(self):
        self.lock = asyncio.Lock()

    async def enter(self, name):
        async with self.lock:
            await asyncio.sleep(0)
            return name


GATE = Gate()  # LC102


async def enter(name):
    try:
        return await GATE.enter(name)
    except Exception:
        log.exception("the gate is stuck")
        return None


async def test_two_at_a_time():
    assert await asyncio.gather(enter("ann"), enter("bob")) == ["ann", "bob"]


async def test_two_more():
    assert await asyncio.gather(enter("eve"), enter("joe")) == ["eve", "joe"]
