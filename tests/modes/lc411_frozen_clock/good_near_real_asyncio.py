"""freezegun stops the clocks of the code, and leaves the loop its own."""

import asyncio
from datetime import datetime

import pytest
from freezegun import freeze_time


@pytest.mark.asyncio
async def test_a_ticket_is_stamped():
    with freeze_time("2026-03-01 12:00:00", real_asyncio=True):
        await asyncio.sleep(0.01)
        assert datetime.now().hour == 12
