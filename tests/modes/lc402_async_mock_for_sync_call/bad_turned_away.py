"""An unset async mock is called in an `if` that only leaves: its coroutine always does."""

# findings: 3

import unittest
from unittest.mock import AsyncMock

import pytest


class Line:
    def __init__(self, wire):
        self.wire = wire

    async def send(self, text):
        if self.wire.closed():
            raise ConnectionError("the wire is closed")
        return await self.wire.send(text)

    async def receive(self):
        if self.wire.at_eof():
            return None
        return await self.wire.read()


# name: wire.closed
@pytest.mark.asyncio
async def test_send():
    wire = AsyncMock()  # LC402
    wire.send.return_value = 2
    assert await Line(wire).send("hi") == 2


# name: wire.at_eof
@pytest.mark.asyncio
async def test_receive():
    wire = AsyncMock(**{"read.return_value": "hi"})  # LC402
    assert await Line(wire).receive() == "hi"


class TestLine(unittest.IsolatedAsyncioTestCase):
    async def test_receive(self):
        wire = AsyncMock(**{"read.return_value": "hi"})  # LC402
        self.assertEqual(await Line(wire).receive(), "hi")
