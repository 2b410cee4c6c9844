"""Nothing had its turn: an assert before the worker began, a timeout that does not come."""

# name: asyncio.sleep
# findings: 3

import asyncio
import time
from unittest.mock import AsyncMock, patch

import pytest


class Lamp:
    def __init__(self):
        self.on = False

    async def switch(self):
        self.on = True

    async def blink(self):
        await asyncio.sleep(30)
        return "blinked"


@pytest.mark.asyncio
async def test_is_on_after_a_while():
    lamp = Lamp()
    with patch("asyncio.sleep", new_callable=AsyncMock):  # LC405
        switching = asyncio.create_task(lamp.switch())
        await asyncio.sleep(0.1)
        assert lamp.on
    await switching


@pytest.mark.asyncio
async def test_blinks_too_slowly():
    with patch("asyncio.sleep"):  # LC405
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(Lamp().blink(), 0.05)


@pytest.mark.asyncio
async def test_takes_its_time(monkeypatch):
    monkeypatch.setattr(asyncio, "sleep", AsyncMock())  # LC405
    began = time.perf_counter()
    await Lamp().blink()
    took = time.perf_counter() - began
    assert took >= 30
