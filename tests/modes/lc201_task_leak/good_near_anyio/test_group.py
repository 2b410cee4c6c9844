"""anyio's runner and its groups have tasks of their own."""

import anyio
import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def group():
    async with anyio.create_task_group() as group:
        yield group
        group.cancel_scope.cancel()


async def test_group(group):
    group.start_soon(anyio.sleep, 3600)
    await anyio.sleep(0)
