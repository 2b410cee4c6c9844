import os

import pytest
import redis.asyncio as redis


# name: cache
@pytest.fixture(scope="session")
def cache():  # LC101
    return redis.from_url(os.environ["VALKEY_URL"])
