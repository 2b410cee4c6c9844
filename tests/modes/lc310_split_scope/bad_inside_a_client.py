"""The client of a library opens its task group in `__aenter__`: no line of the test says so."""

import anyio
import pytest
import pytest_asyncio


class Session:
    async def __aenter__(self):
        self.tasks = anyio.create_task_group()
        await self.tasks.__aenter__()
        self.tasks.start_soon(anyio.sleep_forever)
        return self

    async def __aexit__(self, *error):
        self.tasks.cancel_scope.cancel()
        return await self.tasks.__aexit__(*error)

    async def ping(self):
        return "pong"


# name: mcp
@pytest_asyncio.fixture(name="mcp")
async def connected():
    async with Session() as session:  # LC310
        yield session


@pytest.mark.asyncio
async def test_ping(mcp):
    assert await mcp.ping() == "pong"
