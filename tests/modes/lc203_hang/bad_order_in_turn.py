"""Two tasks take two locks in opposite order, one by one in a helper."""

# options: --loopcheck-hang=1
# name: safe.lock | till.lock

import asyncio
from contextlib import asynccontextmanager

import pytest


class Account:
    def __init__(self):
        self.cents, self.lock = 10, asyncio.Lock()


@asynccontextmanager
async def locked(*accounts):
    for one in accounts:
        await one.lock.acquire()  # LC203
        await asyncio.sleep(0)
    yield
    for one in accounts:
        one.lock.release()


async def move(source, target, cents):
    async with locked(source, target):
        source.cents, target.cents = source.cents - cents, target.cents + cents


@pytest.mark.asyncio
async def test_both_at_once():
    till, safe = Account(), Account()
    await asyncio.gather(move(till, safe, 4), move(safe, till, 1))
