"""A plugin's loop is stopped by another object, and never closed; the host waits with a limit."""

# options: -W ignore::pytest.PytestUnraisableExceptionWarning -W ignore::ResourceWarning
# name: connect

import asyncio
import threading

import pytest


async def connect():
    await asyncio.get_running_loop().create_future()


class Host:
    def __init__(self, plugin_loop):
        self.plugin_loop = plugin_loop

    def shut_down(self):
        stop = self.plugin_loop.stop  # LC203
        self.plugin_loop.call_soon_threadsafe(stop)


@pytest.mark.asyncio
async def test_connect_is_given_up():
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    host = Host(loop)
    connecting = asyncio.wrap_future(asyncio.run_coroutine_threadsafe(connect(), loop))
    asyncio.get_running_loop().call_later(0.1, host.shut_down)
    async with asyncio.timeout(0.5):
        await asyncio.wait([connecting])
    thread.join()
