"""Who sets the limit does without the error: what came until then is all that is wanted."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def read(queue):
    parts = []
    while True:
        try:
            parts.append(await queue.get())
        except asyncio.CancelledError:
            return parts


async def test_any_error():
    queue = asyncio.Queue()
    try:
        async with asyncio.timeout(0.01):
            assert await read(queue) == []
    except Exception:
        pytest.fail("not even an error")


async def test_a_timeout():
    said = []
    try:
        async with asyncio.timeout(0.01):
            assert await read(asyncio.Queue()) == []
    except TimeoutError as error:
        said.append(error)
    assert not said
