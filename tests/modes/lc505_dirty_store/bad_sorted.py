"""The failing line only reads a sorted set, which an earlier line of the test went on with."""

import fakeredis
import pytest
import pytest_asyncio

server = fakeredis.FakeServer()


class Ballot:
    def __init__(self, redis):
        self.redis = redis

    async def vote(self, choice):
        await self.redis.zincrby("ballot", 1, choice)

    async def winner(self):
        best = await self.redis.zrevrange("ballot", 0, 0)
        return best[0].decode() if best else None


@pytest_asyncio.fixture
async def ballot():  # LC505
    redis = fakeredis.FakeAsyncRedis(server=server)
    yield Ballot(redis)
    await redis.aclose()


@pytest.mark.asyncio
async def test_counts(ballot):
    await ballot.vote("soup")
    await ballot.vote("soup")
    assert await ballot.winner() == "soup"


# name: ballot.redis
@pytest.mark.asyncio
async def test_a_single_vote_wins(ballot):
    await ballot.vote("salad")
    assert await ballot.winner() == "salad"
