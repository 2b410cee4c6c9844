"""A decorator that tries again returns the call in place of awaiting it."""

import functools

import pytest


def retry(times):
    def around(function):
        @functools.wraps(function)
        async def again(*args):
            for _ in range(times - 1):
                try:
                    return function(*args)  # LC202
                except ConnectionError:
                    continue
            return await function(*args)

        return again

    return around


booked = []


@retry(3)
async def book(seat):
    booked.append(seat)


# name: book
@pytest.mark.asyncio
async def test_book():
    await book("4a")
    assert booked == ["4a"]
