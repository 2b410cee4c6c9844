"""What is written to a real server in the background is read back too early."""

import asyncio
import os

import pytest
import valkey.asyncio as valkey


class Audit:
    def __init__(self, store):
        self.store, self.tasks = store, set()

    def note(self, user):
        self.tasks.add(asyncio.create_task(self.write(user)))

    async def write(self, user):
        await asyncio.sleep(0.5)
        await self.store.set("last", user)


# name: Audit.write
@pytest.mark.asyncio
async def test_note():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        Audit(store).note("ann")
        assert await store.get("last") == b"ann"  # LC208
