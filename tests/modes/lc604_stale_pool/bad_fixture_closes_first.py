"""A fixture closes what it provides one line too early. The socket in it is written in C."""

# name: server._sock
import socket

import pytest
import pytest_asyncio


class Server:
    def __init__(self):
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.bind(("127.0.0.1", 0))

    @property
    def address(self):
        return self._sock.getsockname()

    def close(self):
        self._sock.close()


@pytest_asyncio.fixture
async def server():
    server = Server()
    server.close()  # LC604
    yield server


@pytest.mark.asyncio
async def test_the_server_has_an_address(server):
    host, _ = server.address
    assert host == "127.0.0.1"
