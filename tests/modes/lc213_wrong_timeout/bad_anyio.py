"""Two limits of anyio: the porter's for each floor, and the lift's for the whole way."""

import anyio
import pytest


class Stuck(Exception):
    pass


async def floor(seconds):
    with anyio.fail_after(0.02):
        await anyio.sleep(seconds)


async def ride(*floors):
    try:
        with anyio.fail_after(60):
            for seconds in floors:
                await floor(seconds)
    except TimeoutError as error:  # LC213
        raise Stuck("no arrival within a minute") from error


# name: anyio.fail_after(0.02)
@pytest.mark.asyncio
async def test_a_slow_floor_is_not_a_stuck_lift():
    with pytest.raises(TimeoutError):
        await ride(0, 9)
