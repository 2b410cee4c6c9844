"""A call two calls below the test's acquires the lock, and one of its ways out keeps it."""

# name: room.lock
# options: --loopcheck-hang=1

import asyncio

import pytest


class Room:
    def __init__(self, seats):
        self.seats = seats
        self.lock = asyncio.Lock()

    async def _take(self, count):
        await self.lock.acquire()
        for _ in range(count):
            if not self.seats:
                return False  # LC203
            self.seats -= 1
        self.lock.release()
        return True

    async def book(self, count):
        if await self._take(count):
            return f"{count} booked"
        return "sold out"

    async def close(self):
        async with self.lock:
            self.seats = 0


@pytest.mark.asyncio
async def test_too_many():
    room = Room(2)
    assert await room.book(3) == "sold out"
    await room.close()
