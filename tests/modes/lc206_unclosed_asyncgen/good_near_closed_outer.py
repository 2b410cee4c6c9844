"""The inner generator is closed with the outer one, or at its end; the tests fail plainly."""

from contextlib import aclosing

import pytest


async def numbers(log):
    try:
        for number in range(3):
            yield number
    finally:
        log.append("closed")


async def squares(source):
    async with aclosing(source) as stream:
        async for number in stream:
            yield number * number


async def cubes(source):
    async for number in source:
        yield number**3


async def first(many):
    async with aclosing(many) as stream:
        async for number in stream:
            return number


@pytest.mark.asyncio
async def test_squares():
    log = []
    assert await first(squares(numbers(log))) == 0
    assert log == ["open"]


@pytest.mark.asyncio
async def test_all_cubes():
    log = []
    async with aclosing(cubes(numbers(log))) as stream:
        assert [number async for number in stream] == [0, 1, 8]
    assert log == []
