"""What was sent lies in a socket: a protocol's method gets it in the next turn of the loop."""

# findings: 2
# name: echo.seen | box.got
import asyncio
import socket

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


class Echo(asyncio.Protocol):
    def __init__(self):
        self.seen = []

    def data_received(self, data):
        self.seen.append(data)


class Box(asyncio.DatagramProtocol):
    def __init__(self):
        self.got = {}

    def datagram_received(self, data, address):
        name, _, value = data.decode().partition("=")
        self.got[name] = value


@pytest_asyncio.fixture
async def echo():
    echo = Echo()
    server = await asyncio.get_running_loop().create_server(lambda: echo, "127.0.0.1", 0)
    echo.address = server.sockets[0].getsockname()
    yield echo
    server.close()


@pytest_asyncio.fixture
async def box():
    loop, box = asyncio.get_running_loop(), Box()
    transport, _ = await loop.create_datagram_endpoint(lambda: box, local_addr=("127.0.0.1", 0))
    box.address = transport.get_extra_info("sockname")
    yield box
    transport.close()


async def test_a_line(echo):
    reader, writer = await asyncio.open_connection(*echo.address)
    writer.write(b"plum\n")
    await asyncio.sleep(0)
    assert echo.seen == [b"plum\n"]  # LC208


async def test_a_datagram(box):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"plum=3", box.address)
    assert box.got["plum"] == "3"  # LC208
