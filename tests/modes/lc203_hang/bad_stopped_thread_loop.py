"""A client with a loop in a thread of its own: `close` stops that loop under a pending request."""

# name: Meter.ask

import asyncio
import threading

import pytest


class Meter:
    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def work(self):
        self.loop.run_forever()
        self.loop.close()

    async def ask(self):
        return await self.loop.create_future()

    def read(self):
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self.ask(), self.loop))

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)  # LC203


@pytest.mark.asyncio
async def test_a_request_ends_with_the_client():
    meter = Meter()
    asyncio.get_running_loop().call_later(0.1, meter.close)
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(meter.read(), 0.5)
    meter.thread.join()
