"""A thread enters the scope, and the task that waited for it leaves it."""

# name: unit
import asyncio
from contextvars import ContextVar

import pytest

unit = ContextVar("unit", default="kg")


class Scale:
    def enter(self):
        self.tokens = unit.set("lb")

    def leave(self):
        unit.reset(self.tokens)


async def weigh(scale):
    await asyncio.to_thread(scale.enter)  # LC214
    try:
        return 3
    finally:
        scale.leave()


@pytest.mark.asyncio
async def test_weight():
    assert await weigh(Scale()) == 3
