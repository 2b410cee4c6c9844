"""Both threads of a pool wait for a seat, and giving one back needs a third thread."""

# options: --loopcheck-hang=1
# name: sit

import queue

import anyio
import pytest


def sit(seats):
    return seats.get()  # LC203


async def dine(seats, waiters):
    kept = {"limiter": waiters, "abandon_on_cancel": True}
    seat = await anyio.to_thread.run_sync(sit, seats, **kept)
    await anyio.to_thread.run_sync(seats.put, seat, **kept)


@pytest.mark.asyncio
async def test_four_guests():
    seats, waiters = queue.Queue(), anyio.CapacityLimiter(2)
    seats.put("window")
    try:
        async with anyio.create_task_group() as group:
            for _ in range(4):
                group.start_soon(dine, seats, waiters)
    finally:
        for _ in range(4):
            seats.put(None)  # else the threads never end
