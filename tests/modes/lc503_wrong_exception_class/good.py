"""The client's own classes, under names of their own; Python's where Python raises."""

import asyncio

import pytest
from valkey.asyncio import Valkey
from valkey.exceptions import ConnectionError as StoreConnectionError

pytestmark = pytest.mark.asyncio


async def test_a_dead_store_is_noticed():
    async with Valkey(host="127.0.0.1", port=1) as client:
        with pytest.raises(StoreConnectionError):
            await client.get("cart")


async def test_a_limit_is_pythons():
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), timeout=0.01)
