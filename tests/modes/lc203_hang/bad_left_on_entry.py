"""Entering a block takes the lock and then fails: its exit, which releases it, does not run."""

# name: line.lock
import asyncio

import pytest


class Line:
    def __init__(self, address):
        self.address, self.lock = address, asyncio.Lock()

    async def __aenter__(self):
        await self.lock.acquire()  # LC203
        await self.connect()
        return self

    async def __aexit__(self, *error):
        self.lock.release()

    async def connect(self):
        await asyncio.sleep(0)
        if not self.address:
            raise ConnectionError("no address")


@pytest.mark.asyncio
async def test_a_line_that_fails_is_free():
    line = Line("")
    with pytest.raises(ConnectionError):
        await line.__aenter__()
    assert line.lock.locked() is False
