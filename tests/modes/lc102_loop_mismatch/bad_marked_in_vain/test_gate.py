"""A setting that nobody reads, and a mark that would win over it anyway."""

# name: GATE
import asyncio

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="function")
GATE = asyncio.Semaphore(1)  # LC102


async def passes():
    async with GATE:
        await asyncio.sleep(0)


async def test_two_pass():
    await asyncio.gather(passes(), passes())


async def test_two_more_pass():
    await asyncio.gather(passes(), passes())
