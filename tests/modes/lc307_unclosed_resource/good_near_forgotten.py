"""Classes that close all that they keep, each in its own way, and streams of plain code."""

from contextlib import AsyncExitStack

import aiohttp
import pytest
from anyio import create_memory_object_stream

SEND, RECEIVE = create_memory_object_stream(1)


class Listed:
    async def open(self):
        self.pages = aiohttp.ClientSession()
        self.files = aiohttp.ClientSession()

    async def close(self):
        for one in (self.pages, self.files):
            await one.close()


class Stacked:
    async def __aenter__(self):
        self.stack = AsyncExitStack()
        self.outgoing, self.incoming = create_memory_object_stream(1)
        await self.stack.enter_async_context(self.incoming)
        return self

    async def __aexit__(self, *error):
        await self.outgoing.aclose()
        await self.stack.aclose()


@pytest.mark.asyncio
async def test_listed():
    client = Listed()
    await client.open()
    await client.close()


@pytest.mark.asyncio
async def test_stacked():
    async with Stacked() as pipe:
        await pipe.outgoing.send("tea")


def test_plain_code_closes_its_streams():
    send, receive = create_memory_object_stream(1)
    with send, receive:
        send.send_nowait("pen")


def test_plain_code_uses_a_stream_of_the_module():
    SEND.send_nowait("pen")
    assert RECEIVE.receive_nowait() == "pen"
