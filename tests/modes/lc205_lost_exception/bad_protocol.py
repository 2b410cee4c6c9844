"""A protocol's method raises: its class has no way to learn why the connection is lost."""

import asyncio
import socket

import pytest

pytestmark = pytest.mark.asyncio


class Receiver(asyncio.Protocol):
    def __init__(self):
        self.got = []

    def data_received(self, data):
        self.got.append(int(data))  # LC205


class Listener(asyncio.DatagramProtocol):
    def __init__(self):
        self.got = []

    def datagram_received(self, data, address):
        self.take(data)

    def take(self, data):
        self.got.append(int(data))  # LC205


# name: Receiver.data_received | Listener.datagram_received
# findings: 2
async def test_receives():
    here, there = socket.socketpair()
    loop = asyncio.get_running_loop()
    with there:
        transport, receiver = await loop.create_connection(Receiver, sock=here)
        there.send(b"one")
        await asyncio.sleep(0.05)
        assert receiver.got == [1]


async def test_listens():
    loop = asyncio.get_running_loop()
    transport, listener = await loop.create_datagram_endpoint(Listener, local_addr=("127.0.0.1", 0))
    transport.sendto(b"one", transport.get_extra_info("sockname"))
    await asyncio.sleep(0.05)
    transport.close()
    assert listener.got == [1]
