"""Will an error leave an `async with`, or a `finally`, and does nobody catch it before?"""

import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from loopcheck.watch.hang import left_blocks


@contextlib.asynccontextmanager
async def worker() -> AsyncIterator[None]:
    yield


def leaves() -> bool:
    return left_blocks.leaves_a_block(sys._getframe(1))


async def in_a_block() -> bool:
    async with worker():
        return leaves()


async def in_none() -> bool:
    return leaves()


async def tidies_up() -> bool:
    await in_none()
    try:
        return leaves()
    finally:
        await in_none()


async def has_tidied_up() -> bool:
    try:
        await in_none()
    finally:
        await in_none()
    return leaves()


async def asks_again() -> bool:
    async with worker():
        try:
            return leaves()
        except AssertionError:
            return True


async def hides_it() -> bool:
    async with worker():
        with contextlib.suppress(AssertionError):
            return leaves()
    return True


async def around() -> bool:
    async with worker():
        return await in_none()


async def around_who_asks_again() -> bool:
    try:
        return await in_a_block()
    except ValueError:
        return True


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (in_a_block, True),
        (around, True),
        (tidies_up, True),
        (has_tidied_up, False),
        (in_none, False),
        (asks_again, False),
        (hides_it, False),
        (around_who_asks_again, False),
    ],
)
async def test_the_block_is_seen(function: Callable[[], Awaitable[bool]], expected: bool) -> None:
    assert await function() is expected
