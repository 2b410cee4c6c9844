"""What is collected is handed on by a callback of the loop's, which is asked for too early."""

# findings: 2

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Batcher:
    def __init__(self, sink, every=0.05):
        self.sink, self.every, self.waiting, self.handle = sink, every, [], None
        self.flushed = False

    def add(self, one):
        self.waiting.append(one)
        if self.handle is None:
            self.handle = asyncio.get_running_loop().call_later(self.every, self._flush)

    def _flush(self):
        self.sink(list(self.waiting))
        self.waiting.clear()
        self.handle = None
        self.flushed = True


# name: Batcher._flush
async def test_batched():
    seen = []
    batcher = Batcher(seen.append)
    batcher.add(1)
    batcher.add(2)
    await asyncio.sleep(0)
    assert seen == [[1, 2]]  # LC208


async def test_flushed():
    batcher = Batcher(print)
    batcher.add(1)
    assert batcher.flushed  # LC208
