"""Whoever opens it closes it, on the same loop."""

import os

import aiohttp
import httpx
import pytest
import pytest_asyncio
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio
URL = os.environ["VALKEY_URL"]


@pytest_asyncio.fixture
async def store():
    async with valkey.from_url(URL) as store:
        yield store


@pytest_asyncio.fixture
async def late():
    client = valkey.from_url(URL)
    yield client
    await client.aclose()


async def test_store(store, late):
    assert await store.ping()
    assert await late.ping()


async def test_session():
    async with aiohttp.ClientSession() as session, session.get(os.environ["HTTP_URL"]) as answer:
        assert answer.status == 200


async def test_response_is_not_read():
    async with aiohttp.ClientSession() as session:
        answer = await session.get(os.environ["HTTP_URL"])
        assert answer.status == 200


async def test_httpx():
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.get(os.environ["HTTP_URL"])).status_code == 200
