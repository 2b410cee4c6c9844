"""A helper takes one step of a generator that has no name; others of the kind stand beside it."""

# name: follow
# findings: 2
import asyncio

import pytest

pytestmark = pytest.mark.asyncio
followed = set()


async def follow(name):
    followed.add(name)
    try:
        for number in range(9):
            yield number
    finally:
        await asyncio.sleep(0)
        followed.discard(name)


async def head(name):
    return await anext(follow(name))  # LC206


async def newest(name):
    return await follow(name).__anext__()  # LC206


async def every(name):
    return [number async for number in follow(name)]


async def test_the_head_is_not_followed():
    assert await head("ann") == 0
    assert "ann" not in followed


async def test_the_newest_is_not_followed():
    assert len(await every("bob")) == 9
    assert await newest("eve") == 0
    assert "eve" not in followed
