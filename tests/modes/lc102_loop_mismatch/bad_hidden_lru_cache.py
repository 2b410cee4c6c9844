"""A cached factory: no name in the module holds the client, the cache does."""

# name: get_client() | get_client
import functools
import os

import pytest
import redis.asyncio as redis


@functools.lru_cache(maxsize=1)
def get_client():  # LC102
    return redis.Redis.from_url(os.environ["VALKEY_URL"], decode_responses=True)  # LC102


async def greet(name):
    await get_client().set(f"greeting:{name}", f"hello {name}")
    return await get_client().get(f"greeting:{name}")


@pytest.mark.asyncio(loop_scope="session")
async def test_ada_is_greeted():
    assert await greet("ada") == "hello ada"


@pytest.mark.asyncio(loop_scope="function")
async def test_grace_is_greeted():
    assert await greet("grace") == "hello grace"
