"""Streams that a task feeds later, or a timer ends: the tests' limits are too short."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def feed_later(reader):
    await asyncio.sleep(60)
    reader.feed_data(b"ready\n")


async def test_a_task_feeds_it_later():
    reader = asyncio.StreamReader()
    feeding = asyncio.create_task(feed_later(reader))
    async with asyncio.timeout(0.1):
        await reader.readline()
    await feeding


async def test_a_timer_ends_it():
    reader = asyncio.StreamReader()
    reader.feed_data(b"ready")
    asyncio.get_running_loop().call_later(60, reader.feed_eof)
    async with asyncio.timeout(0.1):
        await reader.readline()
