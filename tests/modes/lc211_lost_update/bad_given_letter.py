"""A reader is cancelled in the turn in which it gets a letter. The box has given it away."""

import asyncio
from collections import deque

import pytest


class Box:
    def __init__(self):
        self._letters = deque()
        self._readers = deque()

    def drop(self, letter):
        self._letters.append(letter)
        if self._readers:
            self._readers.popleft().set_result(self._letters.popleft())

    async def fetch(self):
        if self._letters:
            return self._letters.popleft()
        reader = asyncio.get_running_loop().create_future()  # LC211
        self._readers.append(reader)
        return await reader

    def count(self):
        return len(self._letters)


# name: box
@pytest.mark.asyncio
async def test_a_letter_stays():
    box = Box()
    reader = asyncio.create_task(box.fetch())
    await asyncio.sleep(0)
    box.drop("invoice")
    reader.cancel()
    await asyncio.wait([reader])
    assert box.count() == 1
