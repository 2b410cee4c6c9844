"""A default argument keeps the lock: made when the function was defined."""

# name: gate
import asyncio

import pytest


async def pass_through(name, gate=asyncio.Semaphore(1)):  # LC102
    async with gate:
        await asyncio.sleep(0)
        return name


@pytest.mark.asyncio
@pytest.mark.parametrize("people", [["ada", "grace"], ["kurt", "emmy"]])
async def test_people_pass(people):
    assert await asyncio.gather(*map(pass_through, people)) == people
