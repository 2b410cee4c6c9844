import os

import pytest_asyncio
import redis.asyncio as redis

store = redis.from_url(os.environ["VALKEY_URL"])  # LC101


# name: store
@pytest_asyncio.fixture
async def cache():
    yield store
