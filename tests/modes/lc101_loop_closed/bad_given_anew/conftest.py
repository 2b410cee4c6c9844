import os

import pytest
import redis.asyncio as redis

store = None


# name: cache
@pytest.fixture
def cache():  # LC101
    global store
    store = redis.from_url(os.environ["VALKEY_URL"])
    return store
