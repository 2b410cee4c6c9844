"""Nobody closes the client; its connection is gone by then, since the server ended first."""

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from weather import Weather


async def sunny(request):
    return web.Response(text="sunny")


@pytest_asyncio.fixture
async def station():
    app = web.Application()
    app.router.add_get("/", sunny)
    async with TestServer(app) as server:
        yield server.make_url("/")


@pytest.fixture
def weather(station):  # LC307
    return Weather(station)


# name: weather
@pytest.mark.asyncio
async def test_today(weather):
    assert await weather.today() == "sunny"
