"""A press with a loop in its own thread hands out futures of that loop, and keeps none of them."""

# name: receipt
import asyncio
import threading

import pytest


class Press:
    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="press")
        self.thread.start()

    def queue(self, page):
        receipt = self.loop.create_future()  # LC102

        async def ink():
            await asyncio.sleep(0.01)
            receipt.set_result(page.upper())

        asyncio.run_coroutine_threadsafe(ink(), self.loop)
        return receipt

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()


class Newsroom:
    def __init__(self, press):
        self.press = press

    def publish(self, page):
        return self.press.queue(page)


@pytest.fixture
def newsroom():
    press = Press()
    yield Newsroom(press)
    press.stop()


@pytest.mark.asyncio
async def test_a_page_is_printed(newsroom):
    assert await newsroom.publish("front") == "FRONT"
