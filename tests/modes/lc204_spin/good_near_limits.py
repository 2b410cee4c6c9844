"""Polls with a limit that give way, look at what nobody changes, or wait in a call."""

import asyncio
import time

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


class Lift:
    def __init__(self):
        self.floor, self.doors = 0, "shut"

    async def position(self):
        await asyncio.sleep(0)
        return self.floor

    async def move(self):
        await asyncio.sleep(0.5)
        self.floor += 1

    def at(self, floor):
        return self.floor == floor


@pytest_asyncio.fixture
async def lift():
    lift = Lift()
    task = asyncio.create_task(lift.move())
    yield lift
    await task


async def test_gives_way(lift):
    end = time.monotonic() + 0.05
    while await lift.position() != 3:
        if time.monotonic() > end:
            raise TimeoutError("never there")


async def test_nobody_opens_the_doors(lift):
    end = time.monotonic() + 0.05
    while lift.doors != "open":
        if time.monotonic() > end:
            raise TimeoutError("they stay shut")


async def test_another_question_after_it(lift):
    end = time.monotonic() + 0.02
    while not lift.at(1) and time.monotonic() < end:
        pass
    assert lift.doors == "open"


async def test_another_error_in_it(lift):
    end = time.monotonic() + 1
    while lift.floor < 3 and time.monotonic() < end:
        if lift.floor == 0:
            raise LookupError("no ground floor")
