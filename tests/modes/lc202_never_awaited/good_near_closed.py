"""What is not needed any more is closed, and a task that is cancelled early never starts."""

import asyncio

import pytest


async def work():
    """Nothing."""


@pytest.mark.asyncio
async def test_close():
    spare = work()
    spare.close()
    task = asyncio.create_task(work())
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
