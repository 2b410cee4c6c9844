"""LC506: nothing listens there, though a client of another loop could be blamed."""

import pytest
import valkey.asyncio as valkey

client = valkey.from_url("redis://127.0.0.1:1")


@pytest.mark.asyncio(loop_scope="module")
async def test_first_try():
    await client.ping()


@pytest.mark.asyncio
async def test_second_try():
    await client.ping()
