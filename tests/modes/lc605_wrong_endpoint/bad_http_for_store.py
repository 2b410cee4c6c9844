"""The port of an HTTP server where the store was meant."""

import http.server
import threading

import pytest
import pytest_asyncio
from valkey.asyncio import Valkey


@pytest.fixture(scope="module")
def web():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    threading.Thread(target=server.serve_forever).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest_asyncio.fixture
async def sessions(web):
    async with Valkey(port=web.server_port, socket_timeout=2) as client:  # LC605
        yield client


# name: sessions
@pytest.mark.asyncio
async def test_get(sessions):
    assert await sessions.get("k") is None
