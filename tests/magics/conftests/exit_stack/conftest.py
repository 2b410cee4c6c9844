from contextlib import AsyncExitStack, asynccontextmanager

import pytest_asyncio


@asynccontextmanager
async def client(name):
    yield {"name": name}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stack():
    async with AsyncExitStack() as stack:
        yield stack


@pytest_asyncio.fixture(loop_scope="module")
async def clients(stack):
    return [await stack.enter_async_context(client(name)) for name in ("ada", "bob")]
