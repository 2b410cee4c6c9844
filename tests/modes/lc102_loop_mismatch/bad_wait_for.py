"""A bounded wait for somebody else's task: 3.11 raises a ValueError, 3.13 a RuntimeError."""

# name: worker
import asyncio

import pytest

worker = None


@pytest.mark.asyncio(loop_scope="module")
async def test_worker_starts():
    global worker
    worker = asyncio.create_task(asyncio.sleep(0.01, "done"))  # LC102
    await asyncio.sleep(0)
    assert not worker.done()


@pytest.mark.asyncio
async def test_worker_is_done_in_time():
    assert await asyncio.wait_for(worker, timeout=1) == "done"
