"""A `finally` releases what was never taken."""

import asyncio

import pytest

writing = asyncio.Lock()


async def write(rows, row):
    try:
        if not row:
            return
        await writing.acquire()
        rows.append(row)
    finally:
        writing.release()  # LC504


# name: writing
@pytest.mark.asyncio
async def test_nothing_to_write():
    rows = []
    await write(rows, "")
    assert rows == []
