"""Behind a server: the test sees its answer 500, the error itself is only in the server's log."""

from unittest.mock import MagicMock

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

REPO = web.AppKey("repo", object)


async def show(request):
    return web.json_response(await request.app[REPO].find(request.match_info["name"]))


def build(repo):
    app = web.Application()
    app[REPO] = repo
    app.router.add_get("/items/{name}", show)
    return app


# name: request.app[REPO].find | repo.find
@pytest.mark.asyncio
async def test_show():
    repo = MagicMock()  # LC401
    repo.find.return_value = {"name": "bolt"}
    async with TestClient(TestServer(build(repo))) as client:
        answer = await client.get("/items/bolt")
        assert answer.status == 200
