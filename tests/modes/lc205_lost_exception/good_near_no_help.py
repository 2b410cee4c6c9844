"""An error is logged or dropped on purpose, and what it left out would not make the line hold."""

import asyncio
import logging

import pytest

pytestmark = pytest.mark.asyncio


class Shares:
    def __init__(self):
        self.seen = []

    async def work(self, numbers):
        while not numbers.empty():
            number = await numbers.get()
            try:
                self.seen.append(100 / number)
            except ZeroDivisionError:
                logging.exception("skipped")

    async def pull(self, number):
        await asyncio.sleep(0)
        self.seen.append(100 / number)


async def test_logged():
    shares, numbers = Shares(), asyncio.Queue()
    for number in (1, 0, 2):
        numbers.put_nowait(number)
    await shares.work(numbers)
    assert shares.seen == [1.0, 0.5]


async def test_dropped():
    shares = Shares()
    await asyncio.gather(*map(shares.pull, (1, 0, 2)), return_exceptions=True)
    assert shares.seen == [1.0, 0.5]
