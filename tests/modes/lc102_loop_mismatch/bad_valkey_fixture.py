"""A synchronous session fixture hands the same client to tests on two loops."""

# name: cache
import os

import pytest
import valkey.asyncio as valkey


@pytest.fixture(scope="session")
def cache():  # LC102
    return valkey.from_url(os.environ["VALKEY_URL"], decode_responses=True)


@pytest.mark.asyncio(loop_scope="module")
async def test_ward_is_warmed_up(cache):
    await cache.hset("ward:3", mapping={"beds": 12})


@pytest.mark.asyncio
async def test_ward_has_beds(cache):
    assert await cache.hget("ward:3", "beds") == "12"
