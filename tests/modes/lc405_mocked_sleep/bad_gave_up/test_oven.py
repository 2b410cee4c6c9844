"""A poll of the project gives up: the task that brings what it waits for had no turn."""

# name: asyncio.sleep
# findings: 3
import asyncio
from unittest.mock import AsyncMock, patch

import pytest
from oven import Baker, Oven, Timer, until_hot

pytestmark = pytest.mark.asyncio


@pytest.fixture
def pauses(monkeypatch):
    taken = []

    async def pause(seconds):
        taken.append(seconds)

    monkeypatch.setattr("oven.asyncio.sleep", pause)  # LC405
    return taken


async def test_bread(pauses):
    baker = Baker(Oven())
    await baker.bake("bread")
    assert baker.baked == ["bread"]


@patch("oven.asyncio.sleep", new_callable=AsyncMock)  # LC405
async def test_it_gets_hot(sleep):
    oven = Oven()
    oven.start()
    await until_hot(oven, attempts=3)
    assert sleep.await_count == 1


async def test_the_timer_rings():
    timer = Timer()
    with patch("asyncio.sleep", AsyncMock()):  # LC405
        ringing = asyncio.create_task(timer.ring())
        await timer.wait()
    await ringing
