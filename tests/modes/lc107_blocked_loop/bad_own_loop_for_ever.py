"""A facade for threads, without a limit, is called on the very loop that is to do its work."""

# options: --loopcheck-hang=1

import asyncio

import pytest


async def load(key):
    return {"key": key}


class Facade:
    def __init__(self, loop):
        self.loop = loop

    def load(self, key):
        coming = asyncio.run_coroutine_threadsafe(load(key), self.loop)
        return coming.result()  # LC107


# name: coming.result
@pytest.mark.asyncio
async def test_load_from_a_thread():
    facade = Facade(asyncio.get_running_loop())
    assert await asyncio.to_thread(facade.load, "k") == {"key": "k"}


@pytest.mark.asyncio
async def test_load():
    facade = Facade(asyncio.get_running_loop())
    assert facade.load("k") == {"key": "k"}
