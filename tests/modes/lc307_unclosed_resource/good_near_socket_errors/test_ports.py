"""These sockets are closed, detached or expected; one with a known number is a library's."""

import asyncio
import http.client
import socket

import pytest


async def test_closed():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
    one, other = socket.socketpair()
    one.close()
    reader, writer = await asyncio.open_connection(sock=other)
    writer.close()
    await writer.wait_closed()


async def test_detached():
    server = socket.socket()
    socket.close(server.detach())


async def test_expected():
    with pytest.warns(ResourceWarning, match="unclosed"):
        server = socket.socket()
        del server


async def test_a_librarys():
    with socket.create_server(("127.0.0.1", 0)) as server:
        spare = socket.socket()
        spare.close()
        web = http.client.HTTPConnection(*server.getsockname())
        web.connect()
        web.sock = None
