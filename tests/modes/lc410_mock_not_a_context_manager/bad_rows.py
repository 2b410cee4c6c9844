"""`async for` over what an AsyncMock gave: in a loop, and in a comprehension."""

from unittest.mock import AsyncMock

import pytest


async def keys(client, prefix):
    return [key async for key in client.scan_iter(f"{prefix}*")]


async def first(client, prefix):
    async for key in client.scan_iter(f"{prefix}*"):
        return key


@pytest.fixture
def client():
    client = AsyncMock()  # LC410
    client.scan_iter.return_value.__aiter__.return_value = [b"a"]
    return client


# name: client.scan_iter
@pytest.mark.asyncio
async def test_keys(client):
    assert await keys(client, "cart") == [b"a"]


@pytest.mark.asyncio
async def test_first(client):
    assert await first(client, "cart") == b"a"
