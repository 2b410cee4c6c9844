"""aiohttp's own limit ends the request; the server that it asks stands still on another loop."""

# name: shop
import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web


async def price(request):
    return web.json_response({"price": 3})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop():  # LC106
    app = web.Application()
    app.router.add_get("/price", price)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield "http://{}:{}".format(*runner.addresses[0])
    await runner.cleanup()


@pytest.mark.asyncio
async def test_the_price_is_told(shop):
    limit = aiohttp.ClientTimeout(total=0.3)
    async with aiohttp.ClientSession(shop, timeout=limit) as client:
        async with client.get("/price") as answer:
            assert await answer.json() == {"price": 3}
