"""`set` is a plain function that returns a coroutine of another name."""

import os

import pytest
import valkey.asyncio as valkey


async def save(store, key, value):
    store.set(key, value)  # LC202


# name: Valkey.execute_command
@pytest.mark.asyncio
async def test_save():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        await save(store, "ada", "apples")
        assert await store.get("ada") == b"apples"
