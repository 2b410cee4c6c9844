"""The clock goes on, and the limit for the whole test is too short, or the loop has its own."""

import asyncio
from itertools import count
from unittest.mock import patch

import pytest
from freezegun import freeze_time


@pytest.mark.asyncio
async def test_too_slow():
    await asyncio.sleep(5)


@pytest.mark.asyncio
async def test_the_loop_has_its_own_clock():
    with freeze_time("2031-01-01", real_asyncio=True):
        await asyncio.sleep(5)


@pytest.mark.asyncio
async def test_a_fake_clock_moves_on():
    ticks = count(step=0.001)
    with patch("time.monotonic", lambda: next(ticks)):
        await asyncio.sleep(50)
