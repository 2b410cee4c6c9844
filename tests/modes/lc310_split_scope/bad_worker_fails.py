"""A worker of the group fails first: the scope's error hides its own."""

import anyio
import pytest
import pytest_asyncio


async def work():
    raise ValueError("no such order")


# name: workers
@pytest_asyncio.fixture
async def workers():
    async with anyio.create_task_group() as tasks:  # LC310
        yield tasks


@pytest.mark.asyncio
async def test_work(workers):
    workers.start_soon(work)
    await anyio.sleep(0.01)
