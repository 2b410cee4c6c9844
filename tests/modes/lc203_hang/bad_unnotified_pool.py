"""A pool gets a connection back without a notification: the next one who needs it sleeps on."""

# options: --loopcheck-hang=1
# name: pool.changed | self.changed
import asyncio

import pytest


class Pool:
    def __init__(self, size):
        self.free, self.changed = list(range(size)), asyncio.Condition()

    def has_free(self):
        return len(self.free) > 0

    async def take(self):
        async with self.changed:
            await self.changed.wait_for(self.has_free)
            return self.free.pop()

    def give_back(self, connection):
        self.free.append(connection)  # LC203


async def fetch(pool, url):
    connection = await pool.take()
    await asyncio.sleep(0)
    pool.give_back(connection)
    return url


@pytest.mark.asyncio
async def test_two_share_one_connection():
    pool = Pool(1)
    assert await asyncio.gather(fetch(pool, "/a"), fetch(pool, "/b")) == ["/a", "/b"]
