"""The original goes on with the next row where one is bad: it sends no row a second time."""

from unittest.mock import AsyncMock

import pytest


class Orders:
    def __init__(self, http):
        self.http, self.synced = http, []

    async def push(self, rows):
        for row in rows:
            try:
                await self.http.post(row)
            except ValueError:
                continue

    async def sync(self, batches):
        for batch in batches:
            await self.push(batch)
            self.synced.append(len(batch))


@pytest.mark.asyncio
async def test_a_batch_that_fails_does_not_stop_the_rest():
    orders = Orders(AsyncMock())
    orders.push = AsyncMock(side_effect=[OSError("away"), None])
    await orders.sync([[1], [2, 3]])
    assert orders.synced == [2]
