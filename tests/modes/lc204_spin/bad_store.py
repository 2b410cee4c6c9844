"""It asks a real store for a key that nobody writes: each answer is the same."""

# options: --loopcheck-hang=0.4
# name: wait_for_key

import asyncio
import os

import pytest
import valkey.asyncio as valkey


async def wait_for_key(store, key):
    while await store.get(key) is None:  # LC204
        await asyncio.sleep(0.02)


@pytest.mark.asyncio
async def test_the_job_reports():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        await wait_for_key(store, "job:7:done")
