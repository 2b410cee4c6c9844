"""A block behind the coroutine does its work, or the failure has another reason."""

from unittest.mock import AsyncMock

import pytest

pytestmark = pytest.mark.asyncio


class Line:
    def __init__(self, wire):
        self.wire = wire

    async def send(self, text):
        if self.wire.is_open():
            await self.wire.send(text)
            return "sent"
        return "closed"

    async def receive(self):
        if self.wire.at_eof():
            return None
        return await self.wire.read()

    async def close(self, log):
        if self.wire.is_open():
            log.append("closing")
        raise ConnectionError("the wire is closed")


async def test_the_block_is_what_the_test_is_about():
    assert await Line(AsyncMock()).send("hi") == "delivered"


async def test_the_answer_is_another_one():
    await Line(AsyncMock()).receive()
    assert 2 == 3


async def test_the_error_is_raised_elsewhere():
    await Line(AsyncMock()).close([])


async def test_a_list_of_answers_as_true_as_the_coroutine():
    wire = AsyncMock()
    wire.at_eof.side_effect = [True, False]
    assert await Line(wire).receive() == "hi"
