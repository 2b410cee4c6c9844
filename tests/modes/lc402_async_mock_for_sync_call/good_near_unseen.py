"""Coroutines of doubles are dropped on their way, and no part of one is asked for."""

import asyncio
from unittest.mock import AsyncMock

import pytest

pytestmark = pytest.mark.asyncio


async def one(client, url):
    response = await client.get(url)
    response.raise_for_status()
    return (await response.json())["id"]


async def number_or_none(client, url):
    response = await client.get(url)
    try:
        return response.json()["id"]
    except TypeError:
        return None


async def test_the_code_is_ready_for_that():
    client = AsyncMock()
    assert await number_or_none(client, "/1") is None
    assert client.get.await_count == 2


async def test_another_number_is_expected():
    client = AsyncMock()
    client.get.return_value.json.return_value = {"id": 1}
    assert await asyncio.gather(one(client, "/1"), return_exceptions=True) == [2]


async def test_it_is_closed():
    client = AsyncMock()
    client.get("/1").close()
    client.get.return_value.json.return_value = {"id": 1}
    assert await one(client, "/1") == 2
