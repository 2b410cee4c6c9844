"""The client connects in tasks of its own: `gather` and `wait_for` make them."""

import asyncio
import os

import pytest
import valkey.asyncio as valkey


# name: shared
@pytest.mark.asyncio
async def test_both():
    shared = valkey.from_url(os.environ["VALKEY_URL"])  # LC307
    await asyncio.wait_for(asyncio.gather(shared.ping(), shared.dbsize()), 10)
