"""The poll gives up for another reason than the mocked sleep."""

import asyncio
from unittest.mock import AsyncMock, patch

import pytest
from oven import Baker, Oven, until_hot

pytestmark = pytest.mark.asyncio


@pytest.fixture
def pauses(monkeypatch):
    taken, real = [], asyncio.sleep

    async def pause(seconds):
        taken.append(seconds)
        await real(0)

    monkeypatch.setattr("oven.asyncio.sleep", pause)
    return taken


class Broken(Oven):
    async def _heat(self):
        self.degrees = 60


async def test_the_fake_yields(pauses):
    await Baker(Broken()).bake("bread")


@patch("oven.asyncio.sleep", new_callable=AsyncMock)
async def test_nobody_heats(sleep):
    await until_hot(Oven(), attempts=3)


@patch("oven.asyncio.sleep", new_callable=AsyncMock)
async def test_the_task_had_its_turn(sleep):
    oven = Broken()
    oven.start()
    await oven.heating
    await until_hot(oven, attempts=3)


@patch("oven.asyncio.sleep", new_callable=AsyncMock)
async def test_another_oven_is_hot(sleep):
    oven, other = Oven(), Oven()
    other.start()
    await until_hot(oven, attempts=3)
