"""A thread creates the coroutine, and the loop runs it; a thread calls a plain namesake."""

import asyncio
import threading

import pytest

pytestmark = pytest.mark.asyncio


class Index:
    def __init__(self):
        self.words = set()

    async def add(self, word):
        self.words.add(word)


async def test_awaited_later():
    index, loop = Index(), asyncio.get_running_loop()
    adding = await loop.run_in_executor(None, index.add, "tea")
    await adding
    assert index.words == {"milk"}


async def test_handed_to_the_loop():
    index, loop = Index(), asyncio.get_running_loop()
    made = []
    worker = threading.Thread(
        target=lambda: made.append(asyncio.run_coroutine_threadsafe(index.add("tea"), loop))
    )
    worker.start()
    worker.join()
    await asyncio.wrap_future(made[0])
    assert index.words == {"milk"}


async def test_a_namesake():
    seen = set()
    await asyncio.to_thread(seen.add, "tea")
    assert seen == {"milk"}
