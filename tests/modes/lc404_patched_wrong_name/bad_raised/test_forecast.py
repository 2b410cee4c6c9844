"""The error of the real function is caught, and another one raised a few lines further down."""

# name: forecast.read_station
# findings: 3
from unittest.mock import AsyncMock, patch

import pytest
from forecast import Station, checked, warmest

pytestmark = pytest.mark.asyncio


@pytest.fixture
def station():
    with patch("weather.read_station", AsyncMock(return_value=21)) as station:  # LC404
        yield station


async def test_the_warmest(station):
    assert await warmest(["harbour", "hill"]) == 21


async def test_after_three_attempts(monkeypatch):
    monkeypatch.setattr("weather.read_station", AsyncMock(return_value=18))  # LC404
    assert await Station("hill").degrees() == 18


@patch("weather.read_station", new=AsyncMock(return_value=17))  # LC404
async def test_one_that_is_checked():
    assert await checked("harbour") == 17
