"""A kept-alive connection waits on an event that belongs to the module's loop."""

# name: weather
import os

import httpx
import pytest

weather = httpx.AsyncClient(base_url=os.environ["HTTP_URL"])  # LC102


@pytest.mark.asyncio(loop_scope="module")
async def test_weather_of_today():
    assert (await weather.get("/")).text == "ok"


@pytest.mark.asyncio
async def test_weather_of_tomorrow():
    assert (await weather.get("/")).text == "ok"
