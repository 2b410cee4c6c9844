"""A fixture returns the address of a server, and leaves the block that runs it."""
# name: http

import asyncio

import httpx
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def base():
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0) as server:  # LC506
        port = server.sockets[0].getsockname()[1]
        address = f"http://127.0.0.1:{port}"
    return address


@pytest.mark.asyncio
async def test_a_price(base):
    async with httpx.AsyncClient(base_url=base, trust_env=False) as http:
        assert (await http.get("/prices")).status_code == 200
