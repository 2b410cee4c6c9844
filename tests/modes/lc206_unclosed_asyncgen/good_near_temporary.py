"""Helpers that take a step of a generator and close it, and one that goes to the end of its own."""

import asyncio
from contextlib import aclosing

import pytest

pytestmark = pytest.mark.asyncio
followed = set()


async def follow(name):
    followed.add(name)
    try:
        for number in range(2):
            yield number
    finally:
        await asyncio.sleep(0)
        followed.discard(name)


async def head(name):
    async with aclosing(follow(name)) as feed:
        return await anext(feed)


async def every(name):
    return [number async for number in follow(name)]


async def test_both_end():
    assert await head("ann") == 0
    assert await every("bob") == [0, 1]
    assert not followed


async def test_another_name():
    assert await head("ann") == 0
    assert "eve" in followed
