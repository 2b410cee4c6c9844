"""aiohttp's test server lives on the module's loop: it answers nobody while the test runs."""

# options: --loopcheck-hang=1
# name: shop
import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer


async def price(request):
    return web.json_response({"price": 3})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def settings():
    return {"currency": "EUR"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(settings):  # LC106
    app = web.Application()
    app.router.add_get("/price", price)
    async with TestServer(app) as server:
        yield server


@pytest.mark.asyncio
async def test_the_price_is_told(shop):
    async with aiohttp.ClientSession() as client:
        async with client.get(f"http://127.0.0.1:{shop.port}/price") as answer:
            assert await answer.json() == {"price": 3}
