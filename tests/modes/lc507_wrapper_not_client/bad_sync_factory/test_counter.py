"""A fixture gives what makes the clients, and they are synchronous ones."""

# name: self.client
import pytest


class Visits:
    def __init__(self, client):
        self.client = client

    async def count(self, page):
        return await self.client.incr(page)


@pytest.mark.asyncio
async def test_a_first_visit(redis_factory):
    visits = Visits(redis_factory(decode_responses=True))
    assert await visits.count("/") == 1
