"""One task reads at a time; that a second reader is refused is what the last test checks."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


def fed(*lines):
    reader = asyncio.StreamReader()
    reader.feed_data(b"".join(lines))
    return reader


async def test_one_after_the_other():
    reader, lock = fed(b"a\n", b"b\n"), asyncio.Lock()

    async def line():
        async with lock:
            return await reader.readline()

    assert await asyncio.gather(line(), line()) == [b"a\n", b"b\n"]


async def test_an_assertion_beside_two_readers():
    reader = asyncio.StreamReader()
    first = asyncio.create_task(reader.readline())
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="already waiting"):
        await reader.readline()
    first.cancel()
    assert reader.at_eof()
