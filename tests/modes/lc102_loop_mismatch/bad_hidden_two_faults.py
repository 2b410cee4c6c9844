"""Two faults in one file: each is named, each once, with all the tests that it fails."""

# name: till
# name: doors
# findings: 2
import asyncio

import pytest

till = asyncio.Lock()  # LC102
doors = asyncio.Event()  # LC102


async def pay():
    async with till:
        await asyncio.sleep(0)


async def enter():
    visitor = asyncio.create_task(doors.wait())
    await asyncio.sleep(0)
    doors.set()
    await visitor
    doors.clear()


@pytest.mark.asyncio
@pytest.mark.parametrize("day", ["monday", "tuesday", "wednesday"])
async def test_customers_pay(day):
    await asyncio.gather(pay(), pay())


@pytest.mark.asyncio
@pytest.mark.parametrize("day", ["monday", "tuesday", "wednesday"])
async def test_customers_enter(day):
    await enter()
