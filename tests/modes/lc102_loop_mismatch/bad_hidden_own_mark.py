"""The module's mark asks for one loop, but a test's own mark wins, and it means the function's."""

# name: belt
import asyncio

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")
belt = asyncio.Queue()  # LC102


async def carry(box):
    robot = asyncio.create_task(belt.get())
    await asyncio.sleep(0)
    await belt.put(box)
    return await robot


async def test_first_box():
    assert await carry("shoes") == "shoes"


@pytest.mark.asyncio
async def test_second_box():
    assert await carry("hats") == "hats"
