"""Short waits, with a turn for the others between them."""

import asyncio
import time

import pytest


@pytest.mark.asyncio
async def test_gives_way():
    for _ in range(8):
        time.sleep(0.03)
        await asyncio.sleep(0)


@pytest.mark.asyncio
async def test_side_by_side():
    async def short():
        time.sleep(0.02)

    await asyncio.gather(*(short() for _ in range(8)))
