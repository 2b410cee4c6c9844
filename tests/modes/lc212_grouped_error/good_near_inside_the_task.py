"""The handler is inside the task and raises again on purpose: the group never passes it."""

import asyncio

import pytest


async def save(rows):
    try:
        rows["a"] += 1
    except KeyError:
        rows["failed"] = True
        raise


@pytest.mark.asyncio
async def test_save():
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(save({}))
