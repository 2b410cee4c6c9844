"""The thread's main coroutine returns, and its loop is closed under the task of another caller."""

# options: -W ignore::pytest.PytestUnraisableExceptionWarning
# name: Feed.next_price

import asyncio
import threading


class Feed:
    def __init__(self):
        self.over = asyncio.Event()
        self.started = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        self.started.wait(5)

    def run(self):
        self.loop = loop = asyncio.new_event_loop()
        try:
            loop.call_soon(self.started.set)
            loop.run_until_complete(self.over.wait())
        finally:
            loop.close()  # LC203

    async def next_price(self):
        return await asyncio.Queue().get()

    def price(self):
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self.next_price(), self.loop))

    def stop(self):
        self.loop.call_soon_threadsafe(self.over.set)


async def read_last_price(feed):
    price = feed.price()
    asyncio.get_running_loop().call_later(0.1, feed.stop)
    async with asyncio.timeout(0.5):
        return await asyncio.shield(price)


def test_the_last_price():
    assert asyncio.run(read_last_price(Feed())) is None
