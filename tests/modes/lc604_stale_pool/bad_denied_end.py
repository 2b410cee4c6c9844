"""An assertion says that something is open, and a line above has closed it already."""

# findings: 4
# name: transport | gate | shop.door | feed
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Gate:
    def __init__(self):
        self._shut = False

    @property
    def is_open(self):
        return not self._shut

    async def aclose(self):
        if self._shut:
            return
        self._shut = True


class Door:
    def __init__(self):
        self.locked, self.guests = False, []

    def close(self, noisily=False):
        self.stop(noisily)

    def stop(self, noisily):
        self.locked = True


class Shop:
    def __init__(self):
        self.door, self.sign = Door(), Sign(self)

    def close(self):
        self.door.close()


class Sign:
    def __init__(self, shop):
        self._shop = shop

    @property
    def says_closed(self):
        shop = self._shop
        return shop.door.locked and not shop.door.guests


class Feed:
    def __init__(self):
        self.ended = False

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        self.ended = True


async def test_a_transport():
    server = await asyncio.get_running_loop().create_server(asyncio.Protocol, "127.0.0.1", 0)
    async with server:
        address = server.sockets[0].getsockname()
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_connection(asyncio.Protocol, *address)
        transport.close()  # LC604
        assert not transport.is_closing()


async def test_a_gate():
    gate = Gate()
    assert gate.is_open is True
    await gate.aclose()  # LC604
    assert gate.is_open is True
    assert gate.is_open is False


async def test_a_sign():
    shop = Shop()
    shop.close()  # LC604
    assert not shop.sign.says_closed
    await asyncio.sleep(0)


async def test_a_block():
    async with Feed() as feed:  # LC604
        await asyncio.sleep(0)
    assert feed.ended == False  # noqa: E712
