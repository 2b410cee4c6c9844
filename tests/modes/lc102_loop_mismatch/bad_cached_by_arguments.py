"""A cached factory keeps one client for each of its arguments."""

# name: get_client(…)
import functools
import os

import pytest
import redis.asyncio as redis


@functools.cache
def get_client(url, timeout):  # LC102
    return redis.Redis.from_url(url, socket_timeout=timeout, decode_responses=True)  # LC102


async def count(name):
    return await get_client(os.environ["VALKEY_URL"], 5.0).incr(f"visits:{name}")


@pytest.mark.asyncio(loop_scope="session")
async def test_ada_comes_once():
    assert await count("ada") == 1


@pytest.mark.asyncio(loop_scope="function")
async def test_grace_comes_once():
    assert await count("grace") == 1
