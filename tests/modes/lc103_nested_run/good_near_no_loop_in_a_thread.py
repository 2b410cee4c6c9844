"""In a thread no loop runs, and none is there: the facade fails, but not since one runs."""

# or: nothing
import asyncio

import pytest


async def quote(number):
    await asyncio.sleep(0)
    return number * 2


def run_sync(coro):
    loop = asyncio.get_event_loop()
    return loop.run_until_complete(coro)


def total(numbers):
    done = 0
    for number in numbers:
        try:
            done += run_sync(quote(number))
        except RuntimeError:
            continue
    return done


@pytest.mark.asyncio
async def test_in_a_thread():
    assert await asyncio.to_thread(total, [1, 2]) == 6


@pytest.mark.asyncio
async def test_the_error_comes_back():
    try:
        done = await asyncio.to_thread(lambda: run_sync(quote(1)))
    except RuntimeError:
        done = None
    assert done == 2
