"""A group of a plain bug, in code that expects nothing, and one that any handler catches."""

import anyio
import pytest


async def divide(by):
    await anyio.sleep(0)
    return 1 / by


@pytest.mark.asyncio
async def test_divide():
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(divide, 0)


@pytest.mark.asyncio
async def test_logged():
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(divide, 0)
    except Exception as error:
        raise RuntimeError("divide failed") from error
