"""The deadline of 10 ms of work passes while another line holds the loop."""

import asyncio
from time import sleep

import pytest


async def quick():
    await asyncio.sleep(0.01)
    return "ok"


# name: sleep
@pytest.mark.asyncio
async def test_quick_is_quick():
    task = asyncio.create_task(asyncio.wait_for(quick(), 0.15))
    await asyncio.sleep(0)
    sleep(0.3)  # LC107
    assert await task == "ok"
