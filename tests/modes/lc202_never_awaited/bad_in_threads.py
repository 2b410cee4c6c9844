"""A thread calls an async method: Python records no line that creates a coroutine there."""

# name: Index.add
# findings: 4
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest


class Index:
    def __init__(self):
        self.words = set()

    async def add(self, word):
        self.words.add(word)


@pytest.mark.asyncio
async def test_an_executor():
    index, loop = Index(), asyncio.get_running_loop()
    await loop.run_in_executor(None, index.add, "tea")  # LC202
    assert index.words == {"tea"}


@pytest.mark.asyncio
async def test_a_thread_of_asyncio():
    index = Index()
    await asyncio.to_thread(index.add, "tea")  # LC202
    assert index.words == {"tea"}


def test_a_thread():
    index = Index()
    worker = threading.Thread(target=index.add, args=("tea",))  # LC202
    worker.start()
    worker.join()
    assert index.words == {"tea"}


def test_a_pool():
    index = Index()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(index.add, ["tea", "milk"]))  # LC202
    assert len(index.words) == 2
