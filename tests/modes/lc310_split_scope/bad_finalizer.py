"""The group is closed by a finalizer, a coroutine that runs in a task of its own."""

import asyncio

import anyio
import pytest
import pytest_asyncio


# name: tasks
@pytest_asyncio.fixture
async def tasks(request):
    group = await anyio.create_task_group().__aenter__()
    loop = asyncio.get_running_loop()

    def close():
        loop.run_until_complete(group.__aexit__(None, None, None))  # LC310

    request.addfinalizer(close)
    return group


@pytest.mark.asyncio
async def test_tasks(tasks):
    tasks.start_soon(anyio.sleep, 0)
    await anyio.sleep(0)
