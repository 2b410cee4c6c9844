"""A future of the test's loop is awaited on the loop of a thread, which hands its error back."""

# name: self.tray

import asyncio
import threading

import pytest


class Printer:
    def __init__(self, loop):
        self.loop = loop
        self.tray = asyncio.get_running_loop().create_future()  # LC102

    async def feed(self):
        return await self.tray

    async def print(self):
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self.feed(), self.loop))


@pytest.fixture
def busy():
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.mark.asyncio
async def test_print(busy):
    assert await Printer(busy).print() == "A4"
