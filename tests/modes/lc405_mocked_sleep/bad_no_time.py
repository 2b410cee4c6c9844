"""A timeout that does not come, and a pause that takes no time."""

# name: asyncio.sleep
# findings: 2

import asyncio
import time
from unittest.mock import AsyncMock, patch

import pytest


async def blink():
    await asyncio.sleep(30)
    return "blinked"


@pytest.mark.asyncio
async def test_blinks_too_slowly():
    with patch("asyncio.sleep"):  # LC405
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(blink(), 0.05)


@pytest.mark.asyncio
async def test_takes_its_time(monkeypatch):
    monkeypatch.setattr(asyncio, "sleep", AsyncMock())  # LC405
    began = time.perf_counter()
    await blink()
    took = time.perf_counter() - began
    assert took >= 30
