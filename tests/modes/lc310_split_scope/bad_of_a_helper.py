"""The scope is in a context manager that the fixture uses among others."""

from contextlib import asynccontextmanager, nullcontext

import anyio
import pytest
import pytest_asyncio


@asynccontextmanager
async def serving(name):
    with anyio.fail_after(5):
        yield f"{name} is up"


# name: server
@pytest_asyncio.fixture
async def server():
    async with nullcontext(), serving("shop") as said:  # LC310
        yield said


@pytest.mark.asyncio
async def test_server(server):
    assert server == "shop is up"
