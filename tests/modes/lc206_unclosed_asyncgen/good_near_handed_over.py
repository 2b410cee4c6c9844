"""Generators that a framework iterates: it closes them, or not, as it likes."""

import asyncio
from contextlib import asynccontextmanager

import pytest

pytestmark = pytest.mark.asyncio


class StreamingResponse:
    def __init__(self, body):
        self.body = body

    async def send(self, most):
        sent = [await self.body.__anext__() for _ in range(most)]
        return sent


async def events():
    try:
        for number in range(5):
            yield number
    finally:
        await asyncio.sleep(0)


async def get_user():
    try:
        yield "ann"
    finally:
        await asyncio.sleep(0)


async def test_response():
    response = StreamingResponse(events())
    assert await response.send(2) == [0, 1]


async def test_dependency():
    async with asynccontextmanager(get_user)() as user:
        assert user == "ann"
