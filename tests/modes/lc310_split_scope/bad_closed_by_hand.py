"""Connected before the `yield` and closed after it, with no `async with` in sight."""

from contextlib import AsyncExitStack

import anyio
import pytest
import pytest_asyncio


class Client:
    async def connect(self):
        self.stack = AsyncExitStack()
        self.tasks = await self.stack.enter_async_context(anyio.create_task_group())
        self.tasks.start_soon(anyio.sleep_forever)

    async def close(self):
        self.tasks.cancel_scope.cancel()
        await self.stack.aclose()


# name: client
@pytest_asyncio.fixture
async def client():
    one = Client()
    await one.connect()
    yield one
    await one.close()  # LC310


@pytest.mark.asyncio
async def test_client(client):
    assert client.tasks
