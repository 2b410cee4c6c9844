"""An HTTP session that its fixture returns from inside the block that closes it."""

# name: session
import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer


async def weather(request):
    return web.Response(text="rain")


@pytest_asyncio.fixture
async def server():
    app = web.Application()
    app.router.add_get("/weather", weather)
    async with TestServer(app) as server:
        yield server


@pytest_asyncio.fixture
async def session():  # LC604
    async with aiohttp.ClientSession() as session:
        return session


@pytest.mark.asyncio
async def test_it_rains(session, server):
    async with session.get(server.make_url("/weather")) as answer:
        assert await answer.text() == "rain"
