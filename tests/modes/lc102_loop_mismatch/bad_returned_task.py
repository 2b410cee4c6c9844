"""`start` gives back a task that runs on the loop of a thread, and the test awaits it."""

# name: self._bake
import asyncio
import threading

import pytest


class Oven:
    def __init__(self):
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    async def _bake(self, bread):
        await asyncio.sleep(0.01)
        return f"hot {bread}"

    async def _begin(self, bread):
        return asyncio.create_task(self._bake(bread))  # LC102

    def start(self, bread):
        return asyncio.run_coroutine_threadsafe(self._begin(bread), self._loop).result(5)

    def close(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


@pytest.fixture
def oven():
    made = Oven()
    yield made
    made.close()


@pytest.mark.asyncio
async def test_bread_is_hot(oven):
    assert await oven.start("rye") == "hot rye"
