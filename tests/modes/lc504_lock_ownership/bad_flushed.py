"""The store is emptied while the lock is held."""

import os

import pytest
import valkey.asyncio as valkey


# name: client.lock
@pytest.mark.asyncio
async def test_import_starts_clean():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as client:
        async with client.lock("import", timeout=5):
            await client.flushdb()  # LC504
            await client.set("rows", 0)
