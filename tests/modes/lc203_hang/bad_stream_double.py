"""A fixture feeds all parts of a body, and never says that this is all of it."""

# options: --loopcheck-hang=1
# name: stream
import asyncio

import pytest
import pytest_asyncio


async def read_body(stream):
    parts = []
    while part := await stream.read(1024):
        parts.append(part)
    return b"".join(parts)


def stream_of(parts):
    stream = asyncio.StreamReader()
    for part in parts:
        stream.feed_data(part)  # LC203
    return stream


@pytest_asyncio.fixture
async def stream():
    return stream_of([b"one ", b"two"])


@pytest.mark.asyncio
async def test_the_body_is_read(stream):
    assert await read_body(stream) == b"one two"
