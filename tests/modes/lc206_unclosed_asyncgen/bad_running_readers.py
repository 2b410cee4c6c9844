"""Two tasks take the next number of one generator at the same time."""
# name: numbers

import asyncio

import pytest


async def count(ready):
    number = 0
    while True:
        await ready.wait()
        number += 1
        yield number


@pytest.mark.asyncio
async def test_two_readers():
    ready = asyncio.Event()
    numbers = count(ready)
    first = asyncio.create_task(anext(numbers))
    await asyncio.sleep(0)
    second = await anext(numbers)  # LC206
    assert (await first, second) == (1, 2)
