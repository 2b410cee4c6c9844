"""What is given an `async def` here awaits it, or makes a task of it."""

import asyncio
from contextlib import AsyncExitStack

import pytest

pytestmark = pytest.mark.asyncio


class Client:
    opened = 0

    async def __aenter__(self):
        Client.opened += 1
        return self

    async def aclose(self):
        Client.opened -= 1


async def test_a_stack():
    async with AsyncExitStack() as stack:
        client = await Client().__aenter__()
        stack.push_async_callback(client.aclose)
    assert Client.opened == 0


async def test_a_callback_makes_a_task():
    client = await Client().__aenter__()
    closing = []
    loop = asyncio.get_running_loop()
    loop.call_soon(lambda: closing.append(loop.create_task(client.aclose())))
    await asyncio.sleep(0)
    await asyncio.gather(*closing)
    assert Client.opened == 1, "a plain slip"
