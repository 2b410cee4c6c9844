"""A client that is made for asyncio."""

import os

import pytest
import valkey.asyncio as valkey


async def boxes(client):
    return await client.get("boxes")


# name: client.get
@pytest.mark.anyio
async def test_no_boxes():
    client = valkey.Valkey.from_url(os.environ["VALKEY_URL"])
    assert await boxes(client) is None
    await client.aclose()
