"""The failing test has names for its tasks, and no line after the assertion reads them."""

import asyncio

import pytest


class Bell:
    def __init__(self):
        self.rings = 0

    async def ring(self, times):
        if times > 2:
            raise RuntimeError("too loud")
        self.rings += times


# name: Bell.ring
@pytest.mark.asyncio
async def test_two_rings():
    bell = Bell()
    rings = [asyncio.create_task(bell.ring(times)) for times in (1, 3)]  # LC205
    await asyncio.wait(rings)
    assert bell.rings == 4
