"""The sensor says what its limit means. The station's handler gets its own only."""

import asyncio

import pytest


class StationDown(Exception):
    pass


class SensorAsleep(Exception):
    pass


async def ask_sensor():
    try:
        async with asyncio.timeout(0.02):
            await asyncio.sleep(10)
    except TimeoutError as error:
        raise SensorAsleep from error


async def report():
    try:
        async with asyncio.timeout(5):
            return await ask_sensor()
    except TimeoutError as error:
        raise StationDown("no report within 5 s") from error


@pytest.mark.asyncio
async def test_a_sensor_that_sleeps_is_not_the_station():
    with pytest.raises(SensorAsleep):
        await report()
