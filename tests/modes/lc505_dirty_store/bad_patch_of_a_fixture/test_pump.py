"""A fixture starts a patch for its test, through a helper, and nothing stops it."""

# name: pump.fill

from unittest import mock

import pump
import pytest


def stand_in(name, result):
    patcher = mock.patch.object(pump, name, mock.AsyncMock(return_value=result))
    return patcher.start()  # LC505


@pytest.fixture
def no_water():
    return stand_in("fill", 0)


@pytest.mark.asyncio
async def test_without_water(no_water):
    assert await pump.fill_all([[], []]) == [0, 0]
    assert no_water.await_count == 2


@pytest.mark.asyncio
async def test_with_water():
    assert await pump.fill_all([[]]) == [2]
