"""Each test has the mark of its library."""

import asyncio

import pytest
import trio


@pytest.mark.trio
async def test_on_trio():
    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.sleep, 0)


@pytest.mark.asyncio
async def test_on_asyncio():
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.sleep(0))
