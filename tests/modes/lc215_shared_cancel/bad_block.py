"""A block with a limit ends a helper that waits for a connection which others wait for, too."""

# name: self.dialling
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Pool:
    def __init__(self, dial):
        self.dialling = asyncio.create_task(dial())

    async def connected(self):
        line = await self.dialling  # LC215
        return f"over {line}"

    async def ping(self):
        return f"ping {await self.connected()}"


@pytest.fixture
def dialled():
    return asyncio.Event()


async def first_try(pool):
    try:
        async with asyncio.timeout(0.01):
            return await pool.ping()
    except TimeoutError:
        return "busy"


async def test_the_second_try_waits_longer(dialled):
    async def dial():
        await dialled.wait()
        return "tcp"

    pool = Pool(dial)
    assert await first_try(pool) == "busy"
    dialled.set()
    assert await pool.ping() == "ping over tcp"
