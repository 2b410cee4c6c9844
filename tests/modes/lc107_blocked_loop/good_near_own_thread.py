"""A thread with a loop of its own, and nothing else on it, may wait as long as it likes."""

import asyncio
import threading

import pytest


class Heartbeat:
    def __init__(self):
        self.beats, self._exit = [], threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()

    def stop(self):
        self._exit.set()
        self._thread.join(5)

    def _run(self):
        asyncio.run(self._beat())

    async def _beat(self):
        while not self._exit.is_set():
            await asyncio.sleep(0)
            self.beats.append(1)
            self._exit.wait(0.15)


class Later(Heartbeat):
    def _run(self):
        loop = asyncio.new_event_loop()
        loop.call_soon(self._wait, loop)
        loop.run_forever()
        loop.close()

    def _wait(self, loop):
        self.beats.append(1)
        self._exit.wait(0.3)
        loop.stop()


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", [Heartbeat, Later])
async def test_beats(kind):
    heart = kind()
    heart.start()
    await asyncio.sleep(0.35)
    heart.stop()
    assert heart.beats


@pytest.mark.asyncio
async def test_a_limit_passes_meanwhile():
    heart = Heartbeat()
    heart.start()
    try:
        async with asyncio.timeout(0.3):
            await asyncio.Event().wait()
    finally:
        heart.stop()
