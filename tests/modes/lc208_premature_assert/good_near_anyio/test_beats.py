"""Loops that an error closes, with tasks and timers that were not to change what failed."""

import asyncio

import anyio
import pytest


@pytest.fixture
def anyio_backend():
    return "asyncio"


class Heart:
    def __init__(self):
        self.beats, self.rests = 0, []

    async def beat(self):
        while True:
            self.beats += 1
            await asyncio.sleep(0.01)

    def rest(self):
        self.rests.append("night")


@pytest.mark.anyio
async def test_beats():
    heart = Heart()
    beating = asyncio.create_task(heart.beat())
    asyncio.get_running_loop().call_later(0.5, heart.rest)
    await anyio.sleep(0.02)
    assert heart.beats == 0
    beating.cancel()


async def night():
    heart = Heart()
    asyncio.get_running_loop().call_later(0.5, heart.rest)
    sleeping = asyncio.create_task(asyncio.sleep(60))
    await asyncio.sleep(0)
    assert heart.beats, f"not while {sleeping} goes on"


def test_night():
    asyncio.run(night())


def test_expected():
    with pytest.raises(AssertionError):
        asyncio.run(night())
    assert night.__name__ == "day"
