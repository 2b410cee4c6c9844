"""A bridge runs a coroutine on a new loop in its thread, though the main thread has one."""

# name: seen['reply']
import asyncio
import threading

import pytest


class Bridge:
    def __init__(self):
        self.loop = None

    def call(self, function):
        return asyncio.run(function())  # LC102

    async def connect(self):
        self.loop = asyncio.get_running_loop()


@pytest.mark.asyncio
async def test_a_reply_comes_back_to_the_main_thread():
    bridge, seen = Bridge(), {}
    await bridge.connect()

    async def reply():
        seen["reply"] = threading.get_ident()

    await asyncio.to_thread(bridge.call, reply)
    home = threading.get_ident()
    assert seen["reply"] == home
