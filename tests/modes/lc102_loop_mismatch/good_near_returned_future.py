"""One of two lines made the future, and nothing shows which: there are two loops in threads."""

import asyncio
import threading

import pytest


class Lifts:
    def __init__(self):
        self.loops = [asyncio.new_event_loop(), asyncio.new_event_loop()]
        self.threads = [threading.Thread(target=loop.run_forever) for loop in self.loops]
        for thread in self.threads:
            thread.start()
        self.east, self.west = self.loops

    def call(self, floor):
        if floor % 2:
            return self.east.create_future()
        return self.west.create_future()

    def stop(self):
        for loop, thread in zip(self.loops, self.threads, strict=True):
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)
            loop.close()


@pytest.fixture
def lifts():
    made = Lifts()
    yield made
    made.stop()


@pytest.mark.asyncio
async def test_a_lift_comes(lifts):
    assert await lifts.call(2) == 2
