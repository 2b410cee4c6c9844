"""A library refuses a coroutine, and the test that expects that leaves it unawaited."""

# name: build
import asyncio

import pytest
from dockyard import Full, Slip


async def build(ship):
    await asyncio.sleep(0)
    return ship


@pytest.mark.asyncio
async def test_a_full_slip_launches_nothing():
    slip = Slip(places=0)
    with pytest.raises(Full):
        await slip.launch(build("cog"))  # LC202
