"""Limits of zero for what is not there yet, and for a call that has work to do."""

# other: LC213
import asyncio

import anyio
import pytest

pytestmark = pytest.mark.asyncio


async def test_an_empty_queue():
    jobs = asyncio.Queue()
    await asyncio.wait_for(jobs.get(), 0)


async def test_a_closed_gate():
    gate = anyio.Event()
    with anyio.fail_after(0):
        await gate.wait()


async def test_a_call_that_has_work_to_do():
    async def work():
        await asyncio.sleep(0)
        return 1

    assert await asyncio.wait_for(work(), 0) == 1
