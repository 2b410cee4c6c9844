"""A connection is made once for all, and two tasks find that there is none yet."""

import asyncio
from unittest.mock import AsyncMock

import pytest


class Pool:
    def __init__(self, connect):
        self.connect, self.connection = connect, None

    async def get(self):
        if self.connection is None:  # LC211
            self.connection = await self.connect()
        return self.connection


async def slow_connect():
    await asyncio.sleep(0)
    return object()


# name: connect
@pytest.mark.asyncio
async def test_one_connection():
    connect = AsyncMock(side_effect=slow_connect)
    pool = Pool(connect)
    await asyncio.gather(*(pool.get() for _ in range(3)))
    connect.assert_awaited_once()
