"""The pool is on the loop of the test. It refuses since it has not been started."""

import asyncio

import pytest


class Pool:
    def __init__(self):
        self._loop, self.started = asyncio.get_running_loop(), False

    async def take(self):
        if self._loop is not asyncio.get_running_loop():
            raise RuntimeError("another event loop")
        if not self.started:
            raise RuntimeError("the pool has no event loop yet: call start()")


@pytest.mark.asyncio
async def test_take():
    await Pool().take()
