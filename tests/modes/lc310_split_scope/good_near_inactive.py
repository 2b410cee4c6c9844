"""A scope that was left once is left again, in the same task: another fault of the same object."""

import anyio
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def scope():
    yield anyio.CancelScope()


@pytest.mark.asyncio
async def test_scope(scope):
    with scope:
        await anyio.sleep(0)
    scope.__exit__(None, None, None)
