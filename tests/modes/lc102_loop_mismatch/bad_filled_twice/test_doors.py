"""Two lines fill it and two hand the lock over: neither is named, but the one that makes it."""

import asyncio

import doors
import pytest


async def passes(name):
    async with doors.doors[name].lock:
        await asyncio.sleep(0)


@pytest.fixture(scope="module", autouse=True)
def blue_door():
    doors.shut("blue")


@pytest.mark.asyncio
@pytest.mark.parametrize("day", ["monday", "tuesday"])
async def test_two_pass(day):
    await asyncio.gather(passes("blue"), passes("blue"))
