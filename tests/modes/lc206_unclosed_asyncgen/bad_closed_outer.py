"""The outer generator is closed in time, and that alone does not close what it iterates."""

from contextlib import aclosing

import pytest


async def numbers(log):
    try:
        for number in range(9):
            yield number
    finally:
        log.append("closed")


async def squares(source):
    async for number in source:  # LC206
        yield number * number


async def first(many):
    async with aclosing(many) as stream:
        async for number in stream:
            return number


# name: numbers
@pytest.mark.asyncio
async def test_squares():
    log = []
    assert await first(squares(numbers(log))) == 0
    assert log == ["closed"]


@pytest.mark.asyncio
async def test_numbers():
    log = []
    assert await first(numbers(log)) == 0
    assert log == ["closed"]
