"""An error of the project is raised, and no missed patch decides over it."""

from unittest.mock import AsyncMock

import pytest
from forecast import named, warmest, water

pytestmark = pytest.mark.asyncio


@pytest.fixture(autouse=True)
def station(monkeypatch):
    monkeypatch.setattr("weather.read_station", AsyncMock(return_value=21))


async def test_one_station_is_not_enough():
    assert await warmest(["harbour"]) == 21


async def test_the_buoy_is_down():
    assert await water("harbour") == 21


async def test_no_name():
    assert await named("") == 21
