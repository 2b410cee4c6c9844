"""On a loop of the module the task lives on through the next test."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def poll(seen):
    while True:
        seen.append(await asyncio.sleep(0.01, "tick"))


# name: poll
async def test_poll():
    seen = []
    asyncio.ensure_future(poll(seen))  # LC201
    await asyncio.sleep(0.05)
    assert seen


async def test_other():
    await asyncio.sleep(0)
