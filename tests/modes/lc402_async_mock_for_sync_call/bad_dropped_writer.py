"""A stream's `write` is a plain method; as a child of an AsyncMock it writes nothing."""

# passes
# name: writer.write

from unittest.mock import AsyncMock

import pytest


class Greeter:
    def __init__(self, stream):
        self.stream = stream

    async def greet(self, name):
        self.stream.write(f"Hello {name}\n".encode())
        await self.stream.drain()


@pytest.fixture
def writer():
    return AsyncMock()  # LC402


@pytest.mark.asyncio
async def test_greets(writer):
    await Greeter(writer).greet("Ada")
    writer.drain.assert_awaited_once()
