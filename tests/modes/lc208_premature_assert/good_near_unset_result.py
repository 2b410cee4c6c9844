"""Results that are there, and an InvalidStateError of another kind."""

# other: LC208
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def test_a_task_that_has_ended():
    job = asyncio.create_task(asyncio.sleep(0, 3))
    await asyncio.wait([job])
    assert job.result() == 2


async def test_an_error_of_its_own():
    job = asyncio.create_task(asyncio.sleep(60))
    try:
        raise asyncio.InvalidStateError("the machine is not ready")
    finally:
        job.cancel()
