"""A facade for threads is called on the very loop that is to do its work."""

import asyncio

import pytest


async def load(key):
    return {"key": key}


class Facade:
    def __init__(self, loop):
        self.loop = loop

    def load(self, key):
        return asyncio.run_coroutine_threadsafe(load(key), self.loop).result(0.4)  # LC107


# name: asyncio.run_coroutine_threadsafe(…).result
@pytest.mark.asyncio
async def test_load():
    facade = Facade(asyncio.get_running_loop())
    assert facade.load("k") == {"key": "k"}
