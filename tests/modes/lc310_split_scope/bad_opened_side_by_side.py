"""All servers are opened side by side, each in a task of `gather`, and closed one by one."""

# name: AsyncExitStack.enter_async_context

import asyncio
import contextlib

import anyio
import pytest


class Server:
    def __init__(self, name):
        self.name, self.beats = name, 0

    async def beat(self):
        while True:
            self.beats += 1
            await anyio.sleep(0.01)


@contextlib.asynccontextmanager
async def running(name):
    server = Server(name)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(server.beat)
        yield server
        tasks.cancel_scope.cancel()


class Servers:
    def __init__(self, *names):
        self.names, self.stack = names, contextlib.AsyncExitStack()

    async def __aenter__(self):
        opening = [self.stack.enter_async_context(running(name)) for name in self.names]
        return await asyncio.gather(*opening)  # LC310

    async def __aexit__(self, *error):
        return await self.stack.__aexit__(*error)


@pytest.mark.asyncio
async def test_both_run():
    async with Servers("math", "text") as servers:
        assert [one.name for one in servers] == ["math", "text"]
