"""What a block's client gave is used below the block, and fails for another reason."""

import aiohttp
import httpx
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

pytestmark = pytest.mark.asyncio


async def refuse(request):
    raise web.HTTPNotFound(text="closed on Mondays")


@pytest_asyncio.fixture
async def url():
    app = web.Application()
    app.router.add_get("/", refuse)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


async def test_an_answer_that_is_an_error(url):
    async with aiohttp.ClientSession() as session:
        response = await session.get(url)
    response.raise_for_status()


async def test_a_body_that_is_there(url):
    async with httpx.AsyncClient() as client:
        response = await client.get(url)
    assert response.text == "closed on Mondays"
    response.raise_for_status()
