"""The loop asks for `done` and never lets the task run that sets it; no timeout can fire."""

# options: --loopcheck-hang=1
# name: test_finishes

import asyncio

import pytest


@pytest.mark.asyncio
async def test_finishes():
    done = False

    async def finish():
        nonlocal done
        done = True

    task = asyncio.create_task(finish())
    async with asyncio.timeout(0.1):
        while not done:  # LC204
            pass
    await task
