"""A websocket of TestClient has a loop of its own, beside that of the async test."""

# name: rooms["tea"]
import asyncio
from collections import defaultdict

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient

rooms = defaultdict(asyncio.Queue)


async def join(websocket):
    await websocket.accept()
    await websocket.send_text(await rooms["tea"].get())


@pytest.mark.asyncio
async def test_a_greeting_is_read():
    asyncio.get_running_loop().call_soon(rooms["tea"].put_nowait, "hello")
    assert await rooms["tea"].get() == "hello"
    client = TestClient(Starlette(routes=[WebSocketRoute("/join", join)]))
    with client.websocket_connect("/join") as socket:  # LC102
        assert socket.receive_text() == "hello"
