"""The box takes its letter back, or the reader was cancelled before or has it, or two read."""

import asyncio
from collections import deque

import pytest

pytestmark = pytest.mark.asyncio


class Box:
    def __init__(self):
        self._letters = deque()
        self._readers = deque()

    def drop(self, letter):
        while self._readers:
            reader = self._readers.popleft()
            if not reader.done():
                return reader.set_result(letter)
        self._letters.append(letter)

    async def fetch(self):
        if self._letters:
            return self._letters.popleft()
        reader = asyncio.get_running_loop().create_future()
        self._readers.append(reader)
        return await reader

    def count(self):
        return len(self._letters)


class SafeBox(Box):
    async def fetch(self):
        reader = asyncio.get_running_loop().create_future()
        self._readers.append(reader)
        try:
            return await reader
        except asyncio.CancelledError:
            if reader.done() and not reader.cancelled():
                self.drop(reader.result())
            raise


async def test_a_safe_box():
    box = SafeBox()
    reader = asyncio.create_task(box.fetch())
    await asyncio.sleep(0)
    box.drop("invoice")
    reader.cancel()
    await asyncio.wait([reader])
    assert box.count() == 2


async def test_cancelled_before():
    box = Box()
    reader = asyncio.create_task(box.fetch())
    await asyncio.sleep(0)
    reader.cancel()
    box.drop("invoice")
    await asyncio.wait([reader])
    assert box.count() == 2


async def test_it_has_read_it():
    box = Box()
    reader = asyncio.create_task(box.fetch())
    await asyncio.sleep(0)
    box.drop("invoice")
    await asyncio.sleep(0)
    reader.cancel()
    assert box.count() == 1


async def test_another_one_gets_it():
    box = Box()
    readers = [asyncio.create_task(box.fetch()) for _ in range(2)]
    last = readers[1]
    await asyncio.sleep(0)
    box.drop("invoice")
    last.cancel()
    await asyncio.wait(readers)
    assert box.count() == 1
