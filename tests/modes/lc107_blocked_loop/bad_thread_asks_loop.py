"""The loop waits for a thread, and that thread waits for a coroutine on the loop."""

# name: self.done.get
# options: --loopcheck-hang=1
import asyncio
import queue
import threading

import pytest


class Clerk:
    def __init__(self, loop):
        self.loop = loop
        self.done = queue.SimpleQueue()

    def _file(self, paper):
        number = asyncio.run_coroutine_threadsafe(self._number(paper), self.loop).result()
        self.done.put(number)

    async def _number(self, paper):
        return len(paper)

    def file(self, paper):
        threading.Thread(target=self._file, args=(paper,), daemon=True).start()
        return self.done.get()  # LC107


@pytest.mark.asyncio
async def test_a_paper_gets_a_number():
    clerk = Clerk(asyncio.get_running_loop())
    assert clerk.file("tax") == 3
