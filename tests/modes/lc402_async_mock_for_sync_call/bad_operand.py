"""Compared, unpacked, iterated: each time the coroutine stands where its result should be."""

from unittest.mock import AsyncMock

import pytest


async def is_high(meter):
    await meter.connect()
    return meter.level() > 2


async def width(meter):
    low, high = meter.bounds()
    return high - low


async def total(meter):
    return sum(row for row in meter.rows())


# name: meter.level | meter.bounds | meter.rows
# findings: 3
@pytest.mark.asyncio
async def test_is_high():
    meter = AsyncMock(name="a meter", **{"level.return_value": 3})  # LC402
    assert await is_high(meter)


@pytest.mark.asyncio
async def test_width():
    meter = AsyncMock(**{"bounds.return_value": (1, 5)})  # LC402
    assert await width(meter) == 4


@pytest.mark.asyncio
async def test_total():
    meter = AsyncMock()  # LC402
    meter.rows = AsyncMock(return_value=[1, 2])  # LC402
    assert await total(meter) == 3
