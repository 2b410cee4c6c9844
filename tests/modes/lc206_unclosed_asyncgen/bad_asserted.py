"""The test fails: the connection is not given back yet."""

import asyncio

import pytest

log = []


async def rows():
    log.append("open")
    try:
        for row in range(3):
            yield row
    finally:
        await asyncio.sleep(0)
        log.append("closed")


async def first():
    async for row in rows():  # LC206
        return row


# name: rows
@pytest.mark.asyncio
async def test_connection_is_given_back():
    await first()
    assert log == ["open", "closed"]
