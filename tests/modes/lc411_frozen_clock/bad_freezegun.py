"""freezegun stops every clock, the loop's too: around the wait, on the test, in a fixture."""

# options: --loopcheck-hang=0.6
# findings: 3
# name: time.monotonic

import asyncio
from datetime import datetime

import pytest
from freezegun import freeze_time

NOON = "2026-03-01 12:00:00"


@pytest.fixture
def noon():
    with freeze_time(NOON):  # LC411
        yield


@pytest.mark.asyncio
async def test_a_ticket_is_stamped():
    with freeze_time(NOON):  # LC411
        await asyncio.sleep(0.01)
        assert datetime.now().hour == 12


@pytest.mark.asyncio
@freeze_time(NOON)  # LC411
async def test_a_gate_opens():
    await asyncio.wait_for(asyncio.Event().wait(), 0.01)


@pytest.mark.asyncio
async def test_a_bell_rings(noon):
    await asyncio.sleep(0.01)
    assert datetime.now().hour == 12
