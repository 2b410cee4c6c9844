"""freezegun stops every clock, and nothing sleeps meanwhile: the test moves the time on itself."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.asyncio
async def test_a_ticket_is_stamped():
    tickets = asyncio.Queue()
    with freeze_time(NOON):
        tickets.put_nowait(datetime.now(UTC))
        await asyncio.sleep(0)
        assert await tickets.get() == NOON
    await asyncio.sleep(0.01)


@pytest.mark.asyncio
async def test_a_gate_opens_later():
    opened = asyncio.Event()
    with freeze_time(NOON) as clock:
        asyncio.get_running_loop().call_later(60, opened.set)
        clock.tick(timedelta(seconds=61))
        await opened.wait()


@freeze_time(NOON, auto_tick_seconds=1)
def test_a_price_expires():
    began = time.monotonic()
    while time.monotonic() < began + 60:
        pass
