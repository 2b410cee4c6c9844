"""A synchronous client where the code awaits."""

# name: redis
import os

import pytest
import redis as library

pytestmark = pytest.mark.asyncio


async def visits(redis, page):
    return await redis.incr(f"visits:{page}")


@pytest.fixture
def redis():
    client = library.Redis.from_url(os.environ["VALKEY_URL"])  # LC507
    yield client
    client.close()


async def test_a_visit_is_counted(redis):
    assert await visits(redis, "home") == 1
