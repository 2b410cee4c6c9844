"""The double awaits `asyncio.sleep(0)`: itself again, directly and as a side effect."""

# name: asyncio.sleep
# findings: 2

import asyncio
from unittest.mock import patch

import pytest


async def quick(seconds):
    await asyncio.sleep(0)


@pytest.mark.asyncio
async def test_by_a_function(monkeypatch):
    monkeypatch.setattr("asyncio.sleep", quick)  # LC405
    await asyncio.sleep(60)


@pytest.mark.asyncio
@patch("asyncio.sleep", side_effect=quick)  # LC405
async def test_by_a_side_effect(sleep):
    await asyncio.sleep(60)
