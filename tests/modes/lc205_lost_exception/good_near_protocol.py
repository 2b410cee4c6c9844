"""A protocol's method fails: the transport closes for it, and says why to `connection_lost`."""

import asyncio
import socket

import pytest


class Receiver(asyncio.Protocol):
    def __init__(self):
        self.lost = asyncio.get_running_loop().create_future()

    def data_received(self, data):
        raise ValueError(f"no number: {data!r}")

    def connection_lost(self, exc):
        self.lost.set_result(exc)


@pytest.mark.asyncio
async def test_says_why():
    here, there = socket.socketpair()
    loop = asyncio.get_running_loop()
    _, receiver = await loop.create_connection(Receiver, sock=here)
    there.send(b"x")
    assert isinstance(await asyncio.wait_for(receiver.lost, 5), ValueError)
    there.close()


class Streaming(asyncio.StreamReaderProtocol):
    def data_received(self, data):
        raise ValueError(f"no number: {data!r}")


@pytest.mark.asyncio
async def test_the_reader_says_why():
    here, there = socket.socketpair()
    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
    await loop.create_connection(lambda: Streaming(reader), sock=here)
    there.send(b"x")
    with pytest.raises(ValueError, match="no number"):
        await asyncio.wait_for(reader.read(), 5)
    there.close()


class Strict(asyncio.Protocol):
    def data_received(self, data):
        int(data)


@pytest.mark.asyncio
async def test_nonsense_ends_the_connection():
    here, there = socket.socketpair()
    with there:
        await asyncio.get_running_loop().create_connection(Strict, sock=here)
        there.send(b"one")
        there.setblocking(False)
        assert await asyncio.get_running_loop().sock_recv(there, 1) == b""
