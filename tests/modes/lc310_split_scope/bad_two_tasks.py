"""A test enters a group in one task and leaves it in another: no fixture has a part in it."""

# name: TaskGroup.__aenter__

import asyncio

import anyio
import pytest


@pytest.mark.asyncio
async def test_two_tasks():
    group = anyio.create_task_group()
    await asyncio.create_task(group.__aenter__())  # LC310
    await group.__aexit__(None, None, None)
