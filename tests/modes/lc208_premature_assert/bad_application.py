"""An application is asked like a dict: what it has under a key is in another one."""

# findings: 2
# name: work | bump
import asyncio

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

pytestmark = pytest.mark.asyncio
QUEUE = web.AppKey("queue", asyncio.Queue)
LEDGER = web.AppKey("ledger", dict)


async def receive(request):
    await request.app[QUEUE].put(await request.text())
    return web.Response(status=202)


async def worker(app):
    async def work():
        while True:
            name = await app[QUEUE].get()
            await asyncio.sleep(0.01)
            app[LEDGER][name] = 1

    task = asyncio.create_task(work())
    yield
    task.cancel()


@pytest.fixture
def app():
    app = web.Application()
    app[QUEUE], app[LEDGER] = asyncio.Queue(), {}
    app.router.add_post("/", receive)
    app.cleanup_ctx.append(worker)
    return app


@pytest_asyncio.fixture
async def client(app):
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_what_was_sent_is_booked(app, client):
    await client.post("/", data="plum")
    assert app[LEDGER] == {"plum": 1}  # LC208


class Board:
    def __init__(self):
        self._cells = {"a1": []}

    def __getitem__(self, name):
        """Return the marks of a cell."""
        return self._cells[name]


async def bump(board):
    await asyncio.sleep(0.01)
    board["a1"].append("x")


async def test_a_mark_is_on_the_board():
    board = Board()
    task = asyncio.create_task(bump(board))
    await asyncio.sleep(0)
    assert board["a1"] == ["x"]  # LC208
    await task
