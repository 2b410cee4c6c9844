"""The refusal is expected, and handled: what fails then is the handler's own assertion."""

import httpx
import pytest
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio


async def test_a_handler():
    seen = []
    try:
        await valkey.from_url("valkey://127.0.0.1:9/0").ping()
    except valkey.ConnectionError as error:
        assert seen == [str(error)[:5]]


async def test_a_handler_below_a_finally():
    closed = []
    async with httpx.AsyncClient() as client:
        try:
            try:
                await client.get("http://127.0.0.1:9/prices")
            except httpx.ConnectError:
                assert client.is_closed
        finally:
            closed.append(client)
