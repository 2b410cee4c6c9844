"""The tasks of a group run the library's own coroutines, with a session that is closed."""

# name: session
# findings: 1
import asyncio

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer


async def tide(request):
    return web.Response(text="high")


@pytest.mark.asyncio
async def test_two_tides():
    app = web.Application()
    app.router.add_get("/tide", tide)
    async with TestServer(app) as server:
        session = aiohttp.ClientSession()
        where = server.make_url("/tide")
        await session.close()  # LC604
        async with asyncio.TaskGroup() as group:
            first = group.create_task(session.get(where))
            second = group.create_task(session.get(where))
    assert first.result().status == second.result().status == 200
