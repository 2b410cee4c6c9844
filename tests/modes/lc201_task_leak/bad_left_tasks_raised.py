"""A fixture raises an error of its own with all tasks that a test leaves, and cancels them."""

# name: refresh
import asyncio

import pytest
import pytest_asyncio


class TasksLeft(Exception):
    pass


@pytest_asyncio.fixture(autouse=True)
async def no_tasks():
    yield
    left = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
    for one in left:
        one.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    if left:
        raise TasksLeft(f"{len(left)} tasks left: {left}")


async def refresh(names):
    while True:
        names.append("new")
        await asyncio.sleep(60)


@pytest.mark.asyncio
async def test_names_are_refreshed():
    names = []
    asyncio.ensure_future(refresh(names))  # LC201
    await asyncio.sleep(0)
    assert names == ["new"]
