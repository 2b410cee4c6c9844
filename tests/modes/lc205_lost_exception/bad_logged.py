"""A handler or a worker raises, and a server or an `except` logs that: the test fails elsewhere."""

# findings: 3
# name: price | Worker.run | serve
import asyncio
import logging

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

log = logging.getLogger("shop")
pytestmark = pytest.mark.asyncio
PRICES = {"fig": 3}


async def price(request):
    return web.Response(text=str(PRICES[request.match_info["name"]]))  # LC205


async def test_a_price():
    app = web.Application()
    app.router.add_get("/{name}", price)
    async with TestClient(TestServer(app)) as client:
        response = await client.get("/plum")
        assert response.status == 200


class Worker:
    def __init__(self):
        self.done = {}

    async def run(self, queue):
        while True:
            name = await queue.get()
            try:
                self.done[name] = PRICES[name]  # LC205
            except Exception:
                log.exception("a job has failed")
            finally:
                queue.task_done()


async def test_a_job():
    queue, worker = asyncio.Queue(), Worker()
    task = asyncio.create_task(worker.run(queue))
    queue.put_nowait("plum")
    await queue.join()
    task.cancel()
    assert worker.done == {"plum": 3}


async def serve(reader, writer):
    name = (await reader.readline()).decode().strip()
    writer.write(str(PRICES[name]).encode())  # LC205
    writer.close()


async def test_an_answer():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"plum\n")
        async with asyncio.timeout(5):
            answer = await reader.read()
        writer.close()
        assert answer == b"3"
