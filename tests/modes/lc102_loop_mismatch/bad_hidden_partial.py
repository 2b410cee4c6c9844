"""A partial carries the client into a plain function."""

# name: remember | remember.args[0] | store
import functools
import os

import pytest
import valkey.asyncio as valkey


async def keep(store, key, value):
    await store.set(key, value)
    return await store.get(key)


remember = functools.partial(keep, valkey.from_url(os.environ["VALKEY_URL"]))  # LC102


@pytest.mark.asyncio(loop_scope="module")
async def test_birthday_is_remembered():
    assert await remember("birthday:ada", "1815-12-10") == b"1815-12-10"


@pytest.mark.asyncio
async def test_name_day_is_remembered():
    assert await remember("name-day:ada", "12-16") == b"12-16"
