"""What a block's client gave is used below the block, whose end has closed the client."""

# name: session | session | client
# findings: 3
import aiohttp
import httpx
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

pytestmark = pytest.mark.asyncio
SIZE = 8_000_000


async def serve(request):
    return web.Response(body=b"L" * SIZE)


@pytest_asyncio.fixture
async def url():
    app = web.Application()
    app.router.add_get("/", serve)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


async def download(url):
    async with aiohttp.ClientSession() as session:
        response = await session.get(url)
        response.raise_for_status()
    return await response.read()  # LC604


async def test_download(url):
    assert len(await download(url)) == SIZE


class Mirror:
    def __init__(self, url):
        self.url = url

    async def first(self, size):
        async with aiohttp.ClientSession() as session:
            answer = await session.get(self.url)
            status = answer.status
        if status == 200:
            return await answer.content.readexactly(size)  # LC604
        return b""


async def test_the_first_half(url):
    assert len(await Mirror(url).first(SIZE // 2)) == SIZE // 2


async def test_streamed(url):
    async with httpx.AsyncClient() as client:
        answer = await client.send(client.build_request("GET", url), stream=True)
    assert len(await answer.aread()) == SIZE  # LC604
