"""Python's warning is an error here: it stands wherever the mock's coroutine was freed."""

# name: bell
import asyncio
from unittest.mock import AsyncMock

import pytest

pytestmark = [pytest.mark.asyncio, pytest.mark.filterwarnings("error")]


class Door:
    def __init__(self, ring):
        self.ring = ring

    async def knock(self):
        await asyncio.sleep(0)
        self.ring("front")


async def test_the_bell_is_rung():
    bell = AsyncMock()  # LC402
    await Door(bell).knock()
    assert bell.called
