"""A server on the test's own loop is slow: aiohttp's limit runs out, and no loop stands still."""

import asyncio

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer


async def price(request):
    await asyncio.sleep(0.3)
    return web.json_response({"price": 3})


@pytest_asyncio.fixture
async def shop():
    app = web.Application()
    app.router.add_get("/price", price)
    async with TestServer(app) as server:
        yield server


@pytest.mark.asyncio
async def test_the_price_is_told(shop):
    limit = aiohttp.ClientTimeout(total=0.1)
    async with aiohttp.ClientSession(timeout=limit) as client:
        async with client.get(shop.make_url("/price")) as answer:
            assert answer.status == 200
