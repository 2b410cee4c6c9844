"""The loop changes what it goes through by itself, or it does not wait."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Board:
    def __init__(self):
        self.clients = {"a": 1, "b": 2}

    async def sweep(self):
        for name in self.clients:
            await asyncio.sleep(0)
            del self.clients[name]

    async def close(self):
        for name in self.clients:
            self.drop(name)
            await asyncio.sleep(0)

    def count(self):
        for name in self.clients:
            self.drop(name)

    def drop(self, name):
        self.clients.pop(name)


async def test_its_own_line():
    await Board().sweep()


async def test_its_own_method():
    await Board().close()


async def test_no_wait():
    Board().count()
