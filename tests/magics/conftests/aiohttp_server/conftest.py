import pytest
import pytest_asyncio
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer


@pytest.fixture
def routes():
    async def hello(request):
        return web.json_response({"hello": "ada"})

    return [web.get("/", hello)]


@pytest_asyncio.fixture
async def server(routes):
    app = web.Application()
    app.add_routes(routes)
    server = TestServer(app)
    await server.start_server()
    yield server
    await server.close()


@pytest_asyncio.fixture
async def http(server):
    async with ClientSession(server.make_url("/")) as session:
        yield session


@pytest_asyncio.fixture
async def answer(http):
    async with http.get("/") as response:
        return await response.json()
