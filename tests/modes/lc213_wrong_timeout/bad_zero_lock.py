"""A free lock is acquired with a limit of zero, and the error gets another name."""

# name: lock.acquire()
import asyncio

import pytest


class Busy(Exception):
    pass


async def seize(lock, limit=0):
    try:
        await asyncio.wait_for(lock.acquire(), limit)  # LC213
    except TimeoutError as error:
        raise Busy("somebody has it") from error


@pytest.mark.asyncio
async def test_a_free_lock_is_seized():
    lock = asyncio.Lock()
    await seize(lock)
    assert lock.locked()
