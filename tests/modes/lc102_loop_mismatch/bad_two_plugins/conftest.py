import pytest
from aiohttp import web

pytest_plugins = ["aiohttp.pytest_plugin"]


async def hello(request):
    return web.json_response({"who": request.query.get("who")})


@pytest.fixture
async def cli(aiohttp_client):
    app = web.Application()
    app.router.add_get("/", hello)
    return await aiohttp_client(app)
