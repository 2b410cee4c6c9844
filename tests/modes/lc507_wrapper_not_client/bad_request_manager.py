"""aiohttp's `session.get` sends nothing before it is entered or awaited."""

# name: answer

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer


async def price(request):
    return web.json_response({"plum": 2})


async def status(session, url):
    answer = session.get(url)  # LC507
    return answer.status


@pytest.mark.asyncio
async def test_the_price_is_there():
    app = web.Application()
    app.router.add_get("/price", price)
    async with TestServer(app) as server, ClientSession() as session:
        assert await status(session, server.make_url("/price")) == 200
