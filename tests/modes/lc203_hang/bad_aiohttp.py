"""The handler waits for stock that nobody brings, and never answers its caller."""

# options: --loopcheck-hang=1
# name: ClientResponse.start | stock

import asyncio

import aiohttp
import pytest
from aiohttp import web

stock = asyncio.Queue()


async def order(request):
    return web.json_response({"item": await stock.get()})  # LC203


@pytest.mark.asyncio
async def test_order():
    app = web.Application()
    app.router.add_get("/", order)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    [(host, port)] = runner.addresses
    async with aiohttp.ClientSession() as http, http.get(f"http://{host}:{port}/") as said:  # LC203
        assert await said.json() == {"item": 1}
