"""The session is made when it is first wanted, by another function than the one that connects."""

# name: self._session
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from weather import Weather


async def sunny(request):
    return web.Response(text="sunny")


@pytest.mark.asyncio
async def test_now():
    app = web.Application()
    app.router.add_get("/", sunny)
    async with TestServer(app) as server:
        assert await Weather(server.make_url("/")).now() == 200
