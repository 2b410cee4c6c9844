"""A facade that asks for the loop, called where none runs, or where another slip is at fault."""

import asyncio

import pytest


async def quote(number):
    await asyncio.sleep(0)
    return number * 2


def run_sync(coro):
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(coro)
    finally:
        loop.close()


def in_this_thread(coro):
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


def in_no_loop(number):
    coro = quote(number)
    try:
        return in_this_thread(coro)
    except RuntimeError:
        coro.close()
        return None


def test_synchronous():
    assert total([1, 2]) == 7


@pytest.mark.asyncio
async def test_in_a_thread():
    assert await asyncio.to_thread(total, [1, 2]) == 7


@pytest.mark.asyncio
async def test_it_has_a_way_out():
    assert in_no_loop(1) == 2
