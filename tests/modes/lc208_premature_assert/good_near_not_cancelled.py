"""A task that nothing has cancelled, and that the test expects to be: no wait helps."""

# other: LC208
import asyncio

import pytest


@pytest.mark.asyncio
async def test_a_guard_cancels_what_it_gets_too_late():
    async def guard(work, seconds):
        if seconds <= 0:
            return None
        return await work

    task = asyncio.create_task(asyncio.sleep(0.05))
    await guard(task, 0)
    try:
        assert task.cancelled()
    finally:
        task.cancel()
