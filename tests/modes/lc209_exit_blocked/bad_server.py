"""A fixture serves an app from a thread, and never tells the server to exit."""

# options: --loopcheck-hang=1
# name: Server.run

import socket
import threading

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette


@pytest.fixture
def address():
    door = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(Starlette(), log_level="critical"))
    thread = threading.Thread(target=server.run, args=[[door]])
    thread.start()  # LC209
    yield f"http://127.0.0.1:{door.getsockname()[1]}/"


@pytest.mark.asyncio
async def test_nothing_is_there(address):
    async with httpx.AsyncClient() as client:
        assert (await client.get(address)).status_code == 404
