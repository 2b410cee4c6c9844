"""A script of the server's writes: no command says so."""

import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

VOTE = "return redis.call('INCR', 'votes:' .. ARGV[1])"


@pytest_asyncio.fixture
async def votes():  # LC505
    async with valkey.from_url(os.environ["VALKEY_URL"]) as votes:
        yield votes


@pytest.mark.asyncio
async def test_vote(votes):
    assert await votes.eval(VOTE, 0, "ada") == 1


# name: votes
@pytest.mark.asyncio
async def test_no_votes_yet(votes):
    assert await votes.get("votes:ada") is None
