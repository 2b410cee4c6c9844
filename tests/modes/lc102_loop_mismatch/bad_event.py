"""An event in a module fixture: the second wait is on another loop."""

# name: doors_open
import asyncio

import pytest


@pytest.fixture(scope="module")
def doors_open():  # LC102
    return asyncio.Event()


async def enter(doors_open):
    visitor = asyncio.create_task(doors_open.wait())
    await asyncio.sleep(0)
    doors_open.set()
    return await visitor


@pytest.mark.asyncio
async def test_visitor_enters_in_the_morning(doors_open):
    assert await enter(doors_open)
    doors_open.clear()


@pytest.mark.asyncio
async def test_visitor_enters_in_the_evening(doors_open):
    assert await enter(doors_open)
