"""A bridge refuses two ends on one loop: they are the same, as the test made them."""

import asyncio

import pytest


class Bridge:
    def __init__(self, loop):
        self._loop = loop

    def check(self):
        if self._loop is asyncio.get_running_loop():
            raise RuntimeError("both ends are on one event loop")


@pytest.mark.asyncio
async def test_a_bridge():
    Bridge(asyncio.get_running_loop()).check()
