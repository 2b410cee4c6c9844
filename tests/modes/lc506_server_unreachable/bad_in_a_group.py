"""A task of a group connects: the group is in the frames as well, and connects to nothing."""

# name: store

import asyncio

import pytest
import valkey.asyncio as valkey


@pytest.mark.asyncio
async def test_stock():
    store = valkey.Valkey(port=9)  # LC506
    async with asyncio.TaskGroup() as group:
        group.create_task(store.ping())
        group.create_task(asyncio.sleep(0))
