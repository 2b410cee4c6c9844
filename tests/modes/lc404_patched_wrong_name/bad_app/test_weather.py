"""An endpoint behind HTTP, and an error that only the double would raise; auto mode."""

# name: weather.main.temperature
# findings: 2

from unittest.mock import AsyncMock, patch

import httpx
import pytest
from weather import main


async def test_it_is_warm():
    with patch("weather.stations.temperature", AsyncMock(return_value=30)):  # LC404
        transport = httpx.ASGITransport(app=main.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://weather") as client:
            answer = await client.get("/now/rome")
    assert answer.json() == {"degrees": 30}


async def test_the_station_is_gone():
    gone = AsyncMock(side_effect=LookupError("rome"))
    with patch("weather.stations.temperature", gone), pytest.raises(LookupError):  # LC404
        await main.now("rome")
