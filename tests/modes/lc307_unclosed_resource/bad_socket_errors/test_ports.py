"""Filters make an error of a plain socket's warning, whose destructor is written in C."""

# name: server | taken | link
# findings: 3
import asyncio
import socket

import pytest


class Link:
    def __init__(self, sock):
        self.sock = sock


async def connected(address):
    link = socket.socket()  # LC307
    link.setblocking(False)
    await asyncio.get_running_loop().sock_connect(link, address)
    return Link(link)


def taken_port():
    taken = socket.socket()  # LC307
    taken.bind(("127.0.0.1", 0))
    return taken.getsockname()[1]


async def test_server():
    server = socket.create_server(("127.0.0.1", 0))  # LC307
    reader, writer = await asyncio.open_connection(*server.getsockname())
    writer.close()
    await writer.wait_closed()


async def test_another_server():
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
    assert taken_port() and number  # perhaps the same: the server is closed


async def test_no_server():
    with pytest.raises(ConnectionRefusedError):
        await connected(("127.0.0.1", 1))
