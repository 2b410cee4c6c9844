"""A station takes the limit of one sensor for its own limit on the whole report."""

import asyncio

import pytest


class StationDown(Exception):
    pass


async def ask_sensor():
    async with asyncio.timeout(0.02):
        await asyncio.sleep(10)


async def report():
    try:
        async with asyncio.timeout(5):
            return await ask_sensor()
    except TimeoutError as error:  # LC213
        raise StationDown("no report within 5 s") from error


# name: asyncio.timeout(0.02)
@pytest.mark.asyncio
async def test_a_sensor_that_sleeps_is_not_the_station():
    with pytest.raises(TimeoutError):
        await report()
