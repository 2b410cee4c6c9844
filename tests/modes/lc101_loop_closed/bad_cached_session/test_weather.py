"""A cache keeps the session of an earlier test; each test gets it through a new object."""
# name: _open['berlin']

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from sessions import session_for

pytestmark = pytest.mark.asyncio


class Weather:
    def __init__(self, tenant, url):
        self.session, self.url = session_for(tenant), url

    async def now(self):
        async with self.session.get(self.url) as answer:
            return await answer.text()


async def sunny(request):
    return web.Response(text="sunny")


@pytest_asyncio.fixture
async def weather():
    app = web.Application()
    app.router.add_get("/", sunny)
    async with TestServer(app) as server:
        weather = Weather("berlin", server.make_url("/"))
        yield weather
        await weather.session.close()


async def test_now(weather):
    assert await weather.now() == "sunny"


async def test_again(weather):
    assert await weather.now() == "sunny"
