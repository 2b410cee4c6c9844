"""A method that only hands the work on is the side effect: it returns a coroutine, too."""

import asyncio
from unittest.mock import AsyncMock

import pytest


async def forecast(town):
    await asyncio.sleep(0)
    return {"Rome": 31}[town]


class Relay:
    def __init__(self):
        self.asked = []

    def ask(self, town):
        self.asked.append(town)
        return forecast(town)


async def is_hot(weather, town):
    degrees = await weather.of(town)
    return degrees > 30


# name: forecast
@pytest.mark.asyncio
async def test_rome_is_hot():
    relay, weather = Relay(), AsyncMock()
    weather.of.side_effect = relay.ask  # LC202
    assert await is_hot(weather, "Rome")
