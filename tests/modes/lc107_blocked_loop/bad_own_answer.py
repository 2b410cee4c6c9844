"""A synchronous client asks a server that runs on the same loop, and so can't answer it."""

import urllib.request

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer


async def weather(request):
    return web.json_response({"t": 21})


@pytest_asyncio.fixture
async def url():
    app = web.Application()
    app.router.add_get("/", weather)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


# name: urllib.request.urlopen
@pytest.mark.asyncio
async def test_weather(url):
    assert urllib.request.urlopen(url, timeout=0.4).read()  # LC107
