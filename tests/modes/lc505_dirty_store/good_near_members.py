"""Each test adds to what an earlier one left, and fails for its own reason."""

import fakeredis
import pytest

SERVER = fakeredis.FakeServer()
pytestmark = pytest.mark.asyncio


@pytest.fixture
def redis():
    return fakeredis.FakeAsyncRedis(server=SERVER, decode_responses=True)


async def test_starts(redis):
    await redis.zadd("times", {"kim": 11})
    await redis.hset("job", mapping={"state": "new", "owner": "kim"})


async def test_writes_the_same_field(redis):  # fails: the state is its own
    await redis.hset("job", "state", "done")
    assert await redis.hget("job", "state") == "new"


async def test_writes_all_fields(redis):  # fails: nothing is left of the earlier ones
    await redis.hset("job", mapping={"state": "new", "owner": "lea"})
    assert await redis.hgetall("job") == {"state": "new"}


async def test_lacks_its_own(redis):  # fails: it adds max only
    await redis.zadd("times", {"max": 13})
    assert await redis.zrange("times", 0, -1) == ["lea", "max"]


async def test_has_one_too_many_of_its_own(redis):  # fails: it adds mia itself
    await redis.zadd("times", {"max": 13, "mia": 14})
    assert await redis.zrange("times", 0, -1) == ["kim", "max"]


async def test_removes_the_earlier(redis):  # fails: it adds two
    await redis.delete("times")
    await redis.zadd("times", {"kim": 11, "max": 13})
    assert await redis.zcard("times") == 1
