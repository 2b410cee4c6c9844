"""A loop made by hand runs in a thread, and its answer comes after the test's limit."""

import asyncio
import threading

import pytest


class Worker:
    def __init__(self, home):
        self.home, self.answers = home, asyncio.Queue()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

    def square(self, number):
        asyncio.run_coroutine_threadsafe(self._square(number), self.loop)

    async def _square(self, number):
        await asyncio.sleep(0.4)
        self.home.call_soon_threadsafe(self.answers.put_nowait, number * number)


@pytest.mark.asyncio
async def test_nine():
    worker = Worker(asyncio.get_running_loop())
    worker.square(3)
    try:
        assert await asyncio.wait_for(worker.answers.get(), 0.1) == 9
    finally:
        worker.loop.call_soon_threadsafe(worker.loop.stop)
        worker.thread.join()
