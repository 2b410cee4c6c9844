"""aclosing closes it at once, on this task."""

import asyncio
from contextlib import aclosing

import pytest

log = []


async def rows():
    log.append("open")
    try:
        for row in range(3):
            await asyncio.sleep(0)
            yield row
    finally:
        await asyncio.sleep(0)
        log.append("closed")


async def first():
    async with aclosing(rows()) as stream:
        async for row in stream:
            return row


@pytest.mark.asyncio
async def test_connection_is_given_back():
    await first()
    assert log == ["open", "closed"]
