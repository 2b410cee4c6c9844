"""The container was given the client's class: a call of a method takes the key for the object."""

import fakeredis
import pytest


class Container(dict):
    def resolve(self, name):
        return self[name]


class Votes:
    def __init__(self, container):
        self.kv = container.resolve("kv")

    async def vote(self, who):
        return await self.kv.incr("v:" + who)


@pytest.fixture
def votes():
    return Votes(Container(kv=fakeredis.FakeAsyncRedis))  # LC507


# name: self.kv
@pytest.mark.asyncio
async def test_the_first_vote(votes):
    assert await votes.vote("ada") == 1
