"""Not implemented, by the user's own word."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Store:
    async def get(self, key):
        raise NotImplementedError


class OwnLoop(asyncio.SelectorEventLoop):
    def add_reader(self, fd, callback, *args):
        raise NotImplementedError("this loop reads nothing")


class Double(asyncio.AbstractEventLoop):
    pass


async def test_abstract():
    await Store().get("a")


async def test_own_loop():
    loop = OwnLoop()
    try:
        loop.add_reader(0, print)
    finally:
        loop.close()


async def test_double():
    Double().call_later(1, print)
